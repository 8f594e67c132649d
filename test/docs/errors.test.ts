// Proves that docs/errors.md and the code name the same errors, both ways, and that no code of a job is only listed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { JOB_ERROR_CODES } from '../../activities/step/job-error.ts';
import { ConnectionError, type ConnectionFault } from '../../connections/connection-error.ts';
import { toFailure } from '../../activities/step/failures.ts';
import type { FormatFault } from '../../formats/format-error.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// Records, so that the compiler asks for a fault that is new, and refuses one that is gone.
const FORMAT_FAULTS: Record<FormatFault, true> = {
  truncated: true,
  corrupt: true,
  unsupported: true,
  limit: true,
  schema: true,
  time: true,
  function: true,
};
const CONNECTION_FAULTS: Record<ConnectionFault, true> = {
  unavailable: true,
  denied: true,
  'not-found': true,
  exists: true,
  changed: true,
  truncated: true,
  fenced: true,
  refused: true,
  configuration: true,
};

const TYPES = [
  ...JOB_ERROR_CODES.map((code) => `rewind.job.${code}`),
  ...Object.keys(FORMAT_FAULTS).map((fault) => `rewind.format.${fault}`),
  ...Object.keys(CONNECTION_FAULTS).map((fault) => `rewind.connection.${fault}`),
  'rewind.internal',
];

const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
/** Text below each heading that is the type of an error. */
const sections = new Map(
  page
    .split(/^#+ (?=.*$)/m)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n'))] as const)
    .filter(([heading]) => /^rewind\.(internal$|\w+\.)/.test(heading)),
);

test('every type of error has a section of its own in docs/errors.md', () => {
  expect(TYPES.filter((type) => !sections.has(type))).toEqual([]);
  expect([...sections].filter(([, text]) => text.trim().length < 40)).toEqual([]);
});

test('docs/errors.md names no type that the code does not have', () => {
  const named = page.match(/\brewind\.(?:job|format|connection|internal)(?:\.[a-z][a-z-]*)?/g) ?? [];
  const groups = ['rewind.job', 'rewind.format', 'rewind.connection'];
  expect([...new Set(named)].filter((type) => !TYPES.includes(type) && !groups.includes(type))).toEqual([]);
});

test('every code of a job is thrown somewhere', () => {
  const throwing = sourcesBelow(['activities', 'workers', 'layouts']).filter((source) =>
    /new (Job|Layout)Error\(/.test(source),
  );
  expect(JOB_ERROR_CODES.filter((code) => !throwing.some((source) => source.includes(`'${code}'`)))).toEqual([]);
});

test('docs/errors.md says of each fault of a connection whether it is tried again', () => {
  for (const fault of Object.keys(CONNECTION_FAULTS) as ConnectionFault[]) {
    const failure = toFailure(new ConnectionError(fault, 'a message')) as { nonRetryable?: boolean | null };
    const expected = failure.nonRetryable === true ? 'Not tried again' : 'Tried again';
    expect(sections.get(`rewind.connection.${fault}`)?.trim()).toMatch(new RegExp(`^${expected}`));
  }
});

function sourcesBelow(folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
}
