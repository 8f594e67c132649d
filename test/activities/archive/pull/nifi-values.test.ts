// A range of a topic becomes lines as NiFi flows keep them: null values too, and what such lines don't tell is counted.
import { expect, it } from 'vitest';
import type { ArchiveInput } from '../../../../activities/archive/job/archive-input.ts';
import type { ArchiveJob } from '../../../../activities/archive/job/archive-job.ts';
import { parseArchiveInput } from '../../../../activities/archive/job/parse-archive-input.ts';
import { pullRanges } from '../../../../activities/archive/pull/pull-ranges.ts';
import type { PullLine } from '../../../../activities/archive/pull/pull-report.ts';
import { valueReaders } from '../../../../activities/archive/pull/values/value-readers.ts';
import type { LogBatch, RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { pullParts, RULES } from './pull-parts.ts';

type Pair = readonly [key: string | null, value: string | null];

const FIRST = 2n ** 33n;

/** Records from `FIRST` on, one run of a batch. */
function cursorOf(pairs: readonly Pair[]): RecordCursor {
  let at = -1;
  const part = (index: 0 | 1): Buffer | null => {
    const text = pairs[at]![index];
    return text === null ? null : Buffer.from(text);
  };
  return {
    next: () => ++at < pairs.length,
    get bytes() {
      return Buffer.concat([part(0) ?? Buffer.alloc(0), part(1) ?? Buffer.alloc(0)]);
    },
    get offset() {
      return FIRST + BigInt(at);
    },
    get offsetNumber() {
      return Number(FIRST) + at;
    },
    appendTime: false,
    timestamp: 5n,
    timestampNumber: 5,
    get keyStart() {
      return part(0) === null ? -1 : 0;
    },
    get keyEnd() {
      return part(0)?.length ?? -1;
    },
    get valueStart() {
      return part(1) === null ? -1 : (part(0)?.length ?? 0);
    },
    get valueEnd() {
      return part(1) === null ? -1 : (part(0)?.length ?? 0) + part(1)!.length;
    },
    headerCount: 0,
    headersStart: 0,
    get key() {
      return part(0);
    },
    get value() {
      return part(1);
    },
    recordStart: 0,
    recordEnd: 0,
    headers: () => [],
  };
}

async function pulled(
  pairs: readonly Pair[],
  input: Partial<ArchiveInput> = {},
): Promise<{ range: Extract<PullLine, { kind: 'range' }>; lines: string; errors: string[] }> {
  const store = new MemoryFileStore();
  const job = parseArchiveInput({
    dest: '/d',
    exec: '/e',
    value: 'nifi',
    files: { codec: 'none' },
    ...input,
  }) as unknown as ArchiveJob;
  const end = FIRST + BigInt(pairs.length);
  const batch = {
    kind: 'data',
    nextOffset: end,
    async *records() {
      yield cursorOf(pairs);
    },
  } as unknown as LogBatch;
  const parts = pullParts({
    store,
    reader: {
      async *read() {
        yield batch;
      },
      close: async () => undefined,
    },
    valuesOf: valueReaders(job, [], undefined),
    rules: { ...RULES, policy: job.badData.policy },
  });
  const report = await pullRanges([{ topic: 't-1', partition: 3, leader: '1', from: FIRST, to: end }], parts);
  let lines = '';
  for (const line of report)
    if (line.kind === 'file') lines += Buffer.from(await store.read(line.path, 0, line.length)).toString('latin1');
  return {
    range: report.find((line) => line.kind === 'range')!,
    lines,
    errors: report.flatMap((line) => (line.kind === 'error' ? [line.message] : [])),
  };
}

it('has a line for each record, and counts what it does not tell', async () => {
  const pairs: Pair[] = [
    ['k', 'v<@>w'],
    [null, 'v'],
    ['', 'v'],
    ['k', null],
    ['k', ''],
    [null, null],
  ];
  const { range, lines } = await pulled(pairs);
  expect(lines.split('\n')).toEqual([
    't-1-3-8589934592<@>k<@>v<@>w',
    't-1-3-8589934593<@><@>v',
    't-1-3-8589934594<@><@>v',
    't-1-3-8589934595<@>k<@>',
    't-1-3-8589934596<@>k<@>',
    't-1-3-8589934597<@><@>',
    '',
  ]);
  expect(range).toMatchObject({
    records: 6,
    left: {},
    untold: { 'null key': 2, 'empty key': 1, 'null value': 2, 'empty value': 1 },
  });
});

it('ends in front of a record that is no line, or passes it and says which', async () => {
  const pairs: Pair[] = [
    ['k', 'v'],
    ['a<@>b', 'v'],
    ['k', 'two\nlines'],
    ['k', 'w'],
  ];
  const failed = await pulled(pairs);
  expect(failed.range).toMatchObject({ records: 1, next: String(FIRST + 1n), cut: { why: 'problem' } });
  expect(failed.range.cut?.message).toMatch(/^t-1-3, offset 8589934593: delimiter: the key holds.*nifi\.delimiter/);
  const skipped = await pulled(pairs, { badData: { policy: 'skip' } });
  expect(skipped.range).toMatchObject({ records: 2, left: { delimiter: 2 } });
  expect(skipped.lines).toBe('t-1-3-8589934592<@>k<@>v\nt-1-3-8589934595<@>k<@>w\n');
  expect(skipped.errors[1]).toMatch(/offset 8589934594: delimiter: the value holds a line feed/);
  const other = await pulled(pairs.slice(0, 2), { nifi: { delimiter: '\t' } });
  expect(other.lines).toBe('t-1-3-8589934592\tk\tv\nt-1-3-8589934593\ta<@>b\tv\n');
});

it('counts the records whose time can not be read, and those that lack the field', async () => {
  const times = ['"2026-11-20T10:00:00Z"', '1', 'null', '"now"'];
  const pairs = times.map((at): Pair => [null, `{"at":${at}}`]);
  const of = { records: 6, untold: { 'null key': 6, 'null value': 1, 'unreadable time': 2, 'missing time': 3 } };
  const time = { field: 'at' };
  expect((await pulled([...pairs, [null, null], [null, '{}']], { time })).range).toMatchObject(of);
  // Of those that are in no file nothing is told.
  const { range } = await pulled(
    [
      [null, '{"at":1}'],
      [null, 'a\n'],
    ],
    { time, badData: { policy: 'skip' } },
  );
  expect(range).toMatchObject({ records: 1, untold: { 'unreadable time': 1 } });
  expect(range.untold).not.toHaveProperty('missing time');
});

it('takes no other ends of lines, files or delimiters', () => {
  const wrong = (input: object): unknown => {
    try {
      return parseArchiveInput({ dest: '/d', exec: '/e', value: 'nifi', ...input });
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(wrong({ files: { delimiter: '\r\n' } })).toMatch(/files\.delimiter: expected nothing/);
  expect(wrong({ files: { format: 'sequence-file' } })).toMatch(/files\.format: expected "text"/);
  expect(wrong({ nifi: { delimiter: '1|' } })).toMatch(/nifi\.delimiter: expected a text that begins with no digit/);
  expect(wrong({ value: 'text', nifi: {} })).toMatch(/nifi: expected nothing: value is not "nifi"/);
});
