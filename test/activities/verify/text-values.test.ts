// Proves the same of archives that hold values alone, whose records tell no offset: lines of Camus, compared by content,
// count and order within their buckets, and narrowed down to the record.
import { beforeEach, expect, it } from 'vitest';
import type { Finding, ReportedVerify } from '../../../activities/verify/steps.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { batchOf } from '../../support/odd-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const HOUR = 3_600_000;

let store: MemoryFileStore;
let kafka: MemoryKafka;
let verify: MemoryVerify;

/** Records of both hours by turns, so that files of both have offsets between one another's. */
const LINES = Array.from({ length: 40 }, (_, n) => ({ offset: n, hour: n % 2, line: lineOf(n) }));

function lineOf(n: number): string {
  return JSON.stringify({ timestamp: TIME + (n % 2) * HOUR + n, n });
}

const path = (hour: number, count: number, next: number, broker = 1): string =>
  `/camus/events/hourly/2026/11/20/${10 + hour}/events.${broker}.0.${count}.${next}.${TIME + hour * HOUR}`;
const FIRST = path(0, 10, 19);
const SECOND = path(0, 10, 39);
const OTHER = path(1, 20, 40);

async function put(file: string, lines: readonly string[]): Promise<void> {
  await store.delete(file);
  await store.write(file, [Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

const linesOf = (hour: number, from: number, to: number): string[] =>
  LINES.filter((each) => each.hour === hour && each.offset >= from && each.offset < to).map(({ line }) => line);

beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  verify = new MemoryVerify(store, kafka);
  await kafka.createTopic('events', { partitions: 1, replicationFactor: 1, settings: {} });
  const publisher = await kafka.openPublisher({ transactionalId: 'a' });
  const records = LINES.map(({ line }) => ({
    key: null,
    value: Buffer.from(line),
    timestamp: BigInt(TIME),
    headers: [],
  }));
  await publisher.commit({ batches: [batchOf('events', 0, records)], offsets: [] });
  await put(FIRST, linesOf(0, 0, 20));
  await put(SECOND, linesOf(0, 20, 40));
  await put(OTHER, linesOf(1, 0, 40));
});

function run(): Promise<ReportedVerify> {
  return verify.run({
    topic: 'events',
    archive: { dest: '/camus', timeZone: 'UTC', format: 'text' },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
    verify: { against: ['source'] },
  });
}

async function only(): Promise<Finding> {
  const { findings } = await run();
  expect(findings).toHaveLength(1);
  return findings[0]!;
}

it('agrees where nothing is wrong, though files have offsets between one another', async () => {
  expect(await run()).toMatchObject({
    agrees: true,
    findings: [],
    targets: [{ content: 'value', cells: 2, archive: '40', found: '40' }],
  });
});

it('finds a file that is missing', async () => {
  await store.delete(FIRST);
  const { findings } = await run();
  expect(findings.every(({ kind }) => kind === 'missing')).toBe(true);
  expect(findings.reduce((sum, { records = 0 }) => sum + records, 0)).toBe(10);
  expect(findings[0]).toMatchObject({ partition: 0, bucket: new Date(TIME).toISOString(), from: '0' });
});

it('finds a file that is there twice', async () => {
  await put(path(0, 10, 39, 2), linesOf(0, 20, 40));
  expect(await only()).toMatchObject({ kind: 'doubled', records: 10 });
});

it('finds a changed byte, with file, record and offset', async () => {
  await put(SECOND, linesOf(0, 20, 40).with(3, lineOf(26).replace('"n"', '"m"')));
  expect(await only()).toMatchObject({ kind: 'changed', file: SECOND, ordinal: 3, from: '26' });
});

it('finds records that stand in the other order', async () => {
  const lines = linesOf(0, 0, 20);
  await put(FIRST, lines.with(4, lines[5]!).with(5, lines[4]!));
  expect(await only()).toMatchObject({ kind: 'order', file: FIRST, ordinal: 5, from: '8' });
});

it('finds a file that holds fewer records than its name counts', async () => {
  await put(OTHER, linesOf(1, 0, 40).slice(0, -1));
  const { findings } = await run();
  expect(findings.map(({ kind }) => kind)).toEqual(['missing', 'unreadable']);
  expect(findings[1]!.message).toContain('expected 20 records, found 19');
});

it('compares the end of a file whose beginning the topic has no more', async () => {
  kafka.partition('events', 0).trim(30n);
  const result = await run();
  expect(result).toMatchObject({ agrees: true, targets: [{ found: '10', uncompared: '30' }] });
  await put(SECOND, linesOf(0, 20, 40).with(8, lineOf(36).replace('"n"', '"m"')));
  expect(await only()).toMatchObject({ kind: 'changed', file: SECOND, ordinal: 8, from: '36' });
});

it('leaves files aside that are older than the topic as a whole, and looks at no bucket of them', async () => {
  kafka.partition('events', 0).trim(20n);
  // The other hour's one file begins before, and is looked at.
  const result = await run();
  expect(result).toMatchObject({ agrees: true, targets: [{ found: '20', uncompared: '20', differing: 1 }] });
  expect(result.notes.join()).toContain('of the 20 are 10 so by their place alone');
});

it('counts null values, and those of no archive, apart', async () => {
  const publisher = await kafka.openPublisher({ transactionalId: 'b' });
  const nothing = { key: null, value: null, timestamp: 0n, headers: [] };
  await publisher.commit({ batches: [batchOf('events', 0, [nothing])], offsets: [] });
  await put(path(1, 1, 50), [lineOf(41)]);
  const result = await run();
  expect(result.notes.join()).toContain('1 records without a value');
});
