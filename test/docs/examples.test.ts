// Proves that the examples in the documentation are valid, that every field of a job is documented, and that links lead
// to files that exist.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { archiveInput } from '../../activities/archive/job/archive-input.ts';
import { parseArchiveInput } from '../../activities/archive/job/parse-archive-input.ts';
import { parseRangesInput } from '../../activities/ranges/job/parse-ranges-input.ts';
import { rangesInput } from '../../activities/ranges/job/ranges-input.ts';
import { replayInput } from '../../activities/replay/job/job-input.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import { parseVerifyInput, verifySection } from '../../activities/verify/job/verify-input.ts';
import { loadWorkerConfig } from '../../workers/config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const jsonExamples = (page: string): string[] =>
  [...read(page).matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => json!);

const isReplay = (job: unknown): boolean => typeof job === 'object' && job !== null && 'topic' in job;

test.each(['README.md', 'docs/job.md', 'docs/migration-from-camus2kafka.md'])('every replay in %s is valid', (page) => {
  const jobs = jsonExamples(page).map((json) => JSON.parse(json) as unknown);
  const replays = page === 'README.md' ? jobs.filter(isReplay) : jobs;
  expect(replays.length).toBeGreaterThan(0);
  for (const job of replays) expect(() => parseReplayInput(job)).not.toThrow();
});

test('the configuration in docs/configuration.md is valid', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  for (const json of jsonExamples('docs/configuration.md')) {
    writeFileSync(file, json);
    expect(() => loadWorkerConfig({ REWIND_CONFIG: file })).not.toThrow();
  }
});

test('docs/job.md has every field of a job in its table', () => {
  const table = read('docs/job.md').split('## Rules between fields')[0]!;
  const schema = z.toJSONSchema(replayInput, { io: 'input', unrepresentable: 'any' });
  expect(fieldsOf(schema).filter((field) => !table.includes(`\`${field}\``))).toEqual([]);
});

test.each(['README.md', 'docs/archive-job.md', 'docs/migration-from-camus.md'])(
  'every archive in %s is valid',
  (page) => {
    const jobs = jsonExamples(page).map((json) => JSON.parse(json) as unknown);
    const archives = page === 'README.md' ? jobs.filter((job) => !isReplay(job)) : jobs;
    expect(archives.length).toBeGreaterThan(0);
    for (const job of archives) expect(() => parseArchiveInput(job)).not.toThrow();
  },
);

test.each(['docs/ranges.md', 'docs/migration-from-kangaroo.md'])('every job of ranges in %s is valid', (page) => {
  const jobs = jsonExamples(page).map((json) => JSON.parse(json) as unknown);
  expect(jobs.length).toBeGreaterThan(0);
  for (const job of jobs) expect(() => parseRangesInput(job)).not.toThrow();
});

describe('the fields of a job of ranges', () => {
  const schema = z.toJSONSchema(rangesInput, { io: 'input', unrepresentable: 'any' });
  const fields = fieldsOf(schema).filter((field) => field !== 'inputs');
  const item = fieldsOf((schema.properties?.['inputs'] as { items: JsonSchema }).items, ['inputs']);

  test('are all in docs/ranges.md, and it has none besides', () => {
    const table = read('docs/ranges.md').split('## Every field')[1]!.split('## The result')[0]!;
    const named = [...table.matchAll(/^\| `([\w.-]+)`/gm)].map(([, field]) => field!);
    expect([...fields, ...item].filter((field) => !named.includes(field))).toEqual([]);
    expect(named.filter((field) => ![...fields, ...item, 'inputs', 'plan'].includes(field))).toEqual([]);
  });

  test('are those that docs/migration-from-kangaroo.md maps to', () => {
    const rows = [...read('docs/migration-from-kangaroo.md').matchAll(/^\|[^|]+\|([^|]+)\|/gm)];
    const named = rows.flatMap(([, cell]) => [...cell!.matchAll(/`([a-z]+[A-Za-z.]*)`/g)].map(([, field]) => field!));
    const known = [...fields, ...item, 'inputs', 'inputs.topics', 'range.NAME', 'finish.NAME'];
    expect(named.filter((field) => !known.includes(field))).toEqual([]);
  });
});

test('docs/verify.md has every field of verify, and its examples are valid', () => {
  const fields = fieldsOf(z.toJSONSchema(verifySection, { io: 'input', unrepresentable: 'any' }), ['verify']);
  const named = [...read('docs/verify.md').matchAll(/^\| `(verify\.\w+)`/gm)].map(([, field]) => field!);
  expect(named.toSorted()).toEqual(fields.toSorted());
  const jobs = jsonExamples('docs/verify.md').map((json) => JSON.parse(json) as unknown);
  expect(jobs.length).toBeGreaterThan(0);
  for (const job of jobs) expect(() => parseVerifyInput(job)).not.toThrow();
});

const archiveFields = (): string[] => fieldsOf(z.toJSONSchema(archiveInput, { io: 'input', unrepresentable: 'any' }));

test('docs/archive-job.md has every field of an archive in its tables', () => {
  const page = read('docs/archive-job.md');
  expect(archiveFields().filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

describe('docs/migration-from-camus.md', () => {
  const rows = [...read('docs/migration-from-camus.md').matchAll(/^\| `([\w.]+)` *\|(.*?)\|(.*?)\|$/gm)].map(
    ([, key, settings, why]) => ({ key: key!, settings: settings!.trim(), why: why!.trim() }),
  );

  test('has every key of Camus once, and none besides', () => {
    const keys = read('test/fixtures/camus-keys.txt').trimEnd().split('\n');
    expect(keys).toHaveLength(132);
    expect(rows.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  });

  test('maps a key to settings that there are, or says why not', () => {
    const fields = archiveFields();
    const objects = fields.flatMap((field) => field.split('.').map((_, n, path) => path.slice(0, n + 1).join('.')));
    for (const { key, settings, why } of rows) {
      expect(why, key).not.toBe('');
      for (const [, setting] of settings.matchAll(/`([^`]+)`/g)) expect(objects, key).toContain(setting);
    }
  });
});

describe('docs/migration-from-nifi.md', () => {
  const page = read('docs/migration-from-nifi.md');
  const SECTIONS: Record<string, string> = { Kafka: "Kafka's servers", HDFS: 'HDFS and Kerberos' };
  const rowsOf = (processor: string): string[][] => {
    const section = page.split(`\n### ${SECTIONS[processor] ?? processor}\n`)[1]?.split('\n### ')[0] ?? '';
    return [...section.matchAll(/^\| (`.*?)\|(.*?)\|(.*?)\|$/gm)].map((row) => row.slice(1).map((cell) => cell.trim()));
  };
  const properties = read('test/fixtures/nifi-properties.txt').trimEnd().split('\n');
  const processors = [...new Set(properties.map((line) => line.split(': ')[0]!))];

  test('has every property of the processors once, and none besides', () => {
    expect(properties).toHaveLength(166);
    const named = processors.flatMap((processor) =>
      rowsOf(processor).flatMap(([names = '']) =>
        [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => `${processor}: ${name}`),
      ),
    );
    expect(named.toSorted()).toEqual(properties.toSorted());
  });

  test('maps them to settings that there are, and has two jobs that are valid', () => {
    const fields = [
      ...fieldsOf(z.toJSONSchema(replayInput, { io: 'input', unrepresentable: 'any' })),
      ...archiveFields(),
    ];
    const settings = fields.flatMap((field) => field.split('.').map((_, n, path) => path.slice(0, n + 1).join('.')));
    const words = `${read('docs/configuration.md')}${read('docs/errors.md')}`;
    for (const processor of processors)
      for (const [names, where = '', why = ''] of rowsOf(processor)) {
        expect(where, names).not.toBe('');
        for (const [, setting = ''] of `${where} ${why}`.matchAll(/`([a-zA-Z.]+\.[a-zA-Z.]+|REWIND_\w+)`/g))
          expect(settings.includes(setting) || words.includes(setting) || setting === 'isolation.level', setting).toBe(
            true,
          );
      }
    const [replay, archive] = jsonExamples('docs/migration-from-nifi.md').map((json) => JSON.parse(json) as unknown);
    expect(() => parseReplayInput(replay)).not.toThrow();
    expect(() => parseArchiveInput(archive)).not.toThrow();
  });
});

test.each(PAGES)('links in %s lead to files that exist', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*$/, ''));
  const files = targets.filter((target) => target !== '' && !target.startsWith('http'));
  expect(files.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
});

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Paths of all fields that hold a value. */
function fieldsOf(schema: JsonSchema, path: string[] = []): string[] {
  const object = [schema, ...(schema.anyOf ?? [])].find(
    (one) => typeof one === 'object' && one.properties !== undefined,
  );
  if (object?.properties === undefined) return [path.join('.')];
  return Object.entries(object.properties).flatMap(([name, inner]) =>
    typeof inner === 'object' ? fieldsOf(inner, [...path, name]) : [],
  );
}
