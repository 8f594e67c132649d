// Proves that what is told about an archive is what is in it: its files are read back with other code than wrote them,
// put in order by comparing, and held against the ground truth; its offsets by Camus's rule from its history.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { decodeEtlKey } from '../../../layouts/camus/etl-key.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import { CamusArchive, appendExecution, diskSink, memorySink, writeCamusArchive } from './index.ts';
import { readContainer } from './read-back.ts';
import type { ArchiveDescription, ArchiveOptions, GroundTruth } from './index.ts';

const places = { dest: '/camus/dest', exec: '/camus/exec' };
const RECORDS = 1500;
const small = { ...places, records: RECORDS, hours: 6 };

async function write(options: Partial<ArchiveOptions>): Promise<{ archive: CamusArchive; files: Map<string, Buffer> }> {
  const sink = memorySink();
  return { archive: await writeCamusArchive({ ...small, ...options, sink }), files: sink.files };
}

interface ReadRecord {
  time: bigint;
  path: string;
  ordinal: number;
  eventId: string;
}

/** The records of the data files, sorted as the design says: by time, then folder, partition, next offset, name, ordinal. */
async function readInOrder(files: Map<string, Buffer>, dest: string): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  for (const [path, bytes] of files) {
    if (!path.startsWith(`${dest}/`)) continue;
    const read = await readContainer(bytes);
    const [, , count, next] = nameParts(path);
    expect(Number(count), path).toBe(read.records.length);
    const events = read.records as { eventId: string; header: { time: bigint } }[];
    expect(BigInt(events.at(-1)?.eventId.split('-').at(-1) ?? '') + 1n, path).toBe(next);
    events.forEach(({ eventId, header }, ordinal) => records.push({ time: header.time, path, ordinal, eventId }));
  }
  const sortKey = ({ path }: ReadRecord) => ({ folder: path.slice(0, path.lastIndexOf('/')), parts: nameParts(path) });
  return records.sort((a, b) => {
    const [left, right] = [sortKey(a), sortKey(b)];
    return (
      compare(a.time, b.time) ||
      compare(left.folder, right.folder) ||
      compare(left.parts[1], right.parts[1]) ||
      compare(left.parts[3], right.parts[3]) ||
      compare(a.path, b.path) ||
      a.ordinal - b.ordinal
    );
  });
}

function compare<T>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Broker, partition, count, next offset of a file's name. */
function nameParts(path: string): [bigint, bigint, bigint, bigint] {
  const parts = path.split('/').at(-1)?.split('.') ?? [];
  return parts.slice(-6, -2).map(BigInt) as [bigint, bigint, bigint, bigint];
}

function told(truth: GroundTruth): ReadRecord[] {
  return [...truth].map(({ time, path, ordinal, json }) => {
    const { eventId, header } = JSON.parse(json) as { eventId: string; header: { time: number } };
    expect(header.time).toBe(time);
    return { time: BigInt(time), path, ordinal, eventId };
  });
}

/** The largest offset of each partition in the newest folder of the history. */
async function committed(files: Map<string, Buffer>, topic: string): Promise<{ partition: number; offset: bigint }[]> {
  const folders = [...files.keys()].filter((path) => path.startsWith('/camus/exec/base/history/'));
  const newest =
    folders
      .map((path) => path.split('/')[5] ?? '')
      .sort()
      .at(-1) ?? '';
  const offsets = new Map<number, bigint>();
  for (const [path, bytes] of files) {
    if (!path.startsWith(`/camus/exec/base/history/${newest}/offsets`)) continue;
    for await (const record of (await openSequenceFile(bytesSource(bytes))).records()) {
      const key = decodeEtlKey(record.key);
      if (key.topic !== topic) continue;
      const known = offsets.get(key.partition);
      if (known === undefined || known < key.offset) offsets.set(key.partition, key.offset);
    }
  }
  return [...offsets].map(([partition, offset]) => ({ partition, offset })).sort((a, b) => a.partition - b.partition);
}

async function expectConsistent(
  archive: CamusArchive,
  files: Map<string, Buffer>,
  topic?: string,
): Promise<GroundTruth> {
  const truth = archive.truth(topic);
  const read = await readInOrder(files, `/camus/dest/${truth.topic.replaceAll('.', '_')}`);
  const later = new Set(truth.laterFiles.map(({ path }) => path));
  expect(told(truth)).toEqual(read.filter(({ path }) => !later.has(path)));
  expect(await committed(files, truth.topic)).toEqual(truth.offsets);
  return truth;
}

test('the ground truth is what the files hold, in total order, and the offsets those of the history', async () => {
  const { archive, files } = await write({});
  const truth = await expectConsistent(archive, files);
  expect(truth.total).toBe(RECORDS);
  expect(truth.laterFiles).toEqual([]);
  expect(truth.duplicates).toEqual([]);
  expect(truth.offsets.reduce((sum, { offset }) => sum + offset, 0n)).toBe(BigInt(RECORDS));
  expect(archive.newestExecution.at).toBeLessThan(Date.now());
  expect(files.has(`${archive.newestExecution.path}/_SUCCESS`)).toBe(true);
});

test('times are scattered as in real data: late records, equal times within and across partitions', async () => {
  const truth = (await write({ records: 20_000 })).archive.truth();
  const records = [...truth];
  const equal = records.filter(({ time }, at) => records[at - 1]?.time === time);
  const across = equal.filter(({ time, partition }) =>
    records.some((other) => other.time === time && other.partition !== partition),
  );
  const newestRun = truth.files.filter(({ run }) => run === 3).map(({ path }) => path.split('/').at(-2));
  expect(across.length).toBeGreaterThan(100);
  expect(new Set(newestRun).size).toBeGreaterThan(2);
  expect(new Set(truth.files.map(({ path }) => path.split('/').at(-2))).size).toBe(6);
});

test('the same seed gives the same bytes, another seed others', async () => {
  const fixed = { newestExecutionAt: Date.UTC(2026, 0, 1) };
  const [one, same, other] = [await write(fixed), await write(fixed), await write({ ...fixed, seed: 'other' })];
  expect(same.files).toEqual(one.files);
  expect(same.archive.truth().digest()).toBe(one.archive.truth().digest());
  expect(other.archive.truth().digest()).not.toBe(one.archive.truth().digest());
});

test('another process has the same ground truth from the description as JSON', async () => {
  const { archive } = await write({ startOffsets: ['5'] });
  const copy = new CamusArchive(JSON.parse(JSON.stringify(archive.description)) as ArchiveDescription);
  expect(copy.truth().digest()).toBe(archive.truth().digest());
  expect(copy.offsets()).toEqual(archive.offsets());
});

test('partitions without news in the last run are in offsets-previous only, empty ones have offsets and no file', async () => {
  const { archive, files } = await write({
    quietPartitions: [1, 2],
    emptyPartitions: [3],
    startOffsets: ['0', '0', '0', '77'],
  });
  const truth = await expectConsistent(archive, files);
  expect(truth.offsets[3]).toEqual({ partition: 3, offset: 77n });
  expect(truth.files.some(({ partition }) => partition === 3)).toBe(false);
  const tasks = [...files].filter(([path]) => path.startsWith(`${archive.newestExecution.path}/offsets-m-`));
  const partitions = new Set<number>();
  for (const [, bytes] of tasks)
    for await (const record of (await openSequenceFile(bytesSource(bytes))).records())
      partitions.add(decodeEtlKey(record.key).partition);
  expect(tasks.length).toBe(3);
  expect([...partitions]).toEqual([0]);
});

test('offsets begin where they are told to, above 2^53 too', async () => {
  const { archive, files } = await write({ startOffsets: ['1000', '9007199254740993'] });
  const truth = await expectConsistent(archive, files);
  expect(truth.offsets[1]?.offset).toBeGreaterThan(9_007_199_254_740_993n);
  expect(truth.duplicates).toEqual([]);
});

test('what a failed run had moved into place is there twice', async () => {
  const { archive, files } = await write({ failedRuns: [{ before: 1, partitions: [0, 2] }, { before: 3 }] });
  const truth = await expectConsistent(archive, files);
  expect(truth.duplicates.map(({ partition }) => partition)).toEqual([0, 2]);
  expect(truth.total).toBe(RECORDS + truth.duplicates.reduce((sum, { records }) => sum + records, 0));
  const failed = archive.executions.filter((execution) => execution.failed);
  expect(failed.length).toBe(2);
  expect(
    [...files.keys()]
      .filter((path) => path.startsWith('/camus/exec/base/history/'))
      .some((path) => path.includes(failed[0]?.name ?? '')),
  ).toBe(false);
  expect([...files.keys()].some((path) => path.startsWith(`${failed[0]?.path}/_temporary/`))).toBe(true);
});

test('a later run adds files and a newer history; who pinned before it publishes what was there then', async () => {
  const sink = memorySink();
  const archive = await writeCamusArchive({ ...small, sink });
  const digest = archive.truth().digest();
  const grown = await appendExecution(archive, { sink, records: 500, quietPartitions: [2] });
  const truth = await expectConsistent(grown, sink.files);
  expect(truth.total).toBe(RECORDS + 500);
  expect(grown.newestExecution.name > archive.newestExecution.name).toBe(true);
  expect(archive.truth().digest()).toBe(digest);
  expect(truth.offsets[2]).toEqual(archive.truth().offsets[2]);
});

test('a later run that failed adds files beyond the offsets, which are no part of the replay', async () => {
  const sink = memorySink();
  const archive = await writeCamusArchive({ ...small, sink });
  const failed = await appendExecution(archive, { sink, records: 500, history: false });
  const truth = await expectConsistent(failed, sink.files);
  expect(truth.total).toBe(RECORDS);
  expect(truth.laterFiles.length).toBeGreaterThan(3);
  const retried = await appendExecution(failed, { sink, records: 800 });
  const again = await expectConsistent(retried, sink.files);
  expect(again.total).toBe(RECORDS + 500 + 800);
  expect(again.duplicates.reduce((sum, { records }) => sum + records, 0)).toBe(500);
});

test('files of two writer schemas stand side by side, and the truth is told in the output schema', async () => {
  const { archive, files } = await write({ writerSchemas: 2, codec: 'snappy' });
  const truth = await expectConsistent(archive, files);
  expect(new Set(truth.files.map(({ schemaVersion }) => schemaVersion))).toEqual(new Set([1, 2]));
  const old = truth.files.find(({ schemaVersion }) => schemaVersion === 1);
  const position = [...truth].findIndex(({ path }) => path === old?.path);
  expect(truth.json(position)).toContain('"campaign":null');
  expect(truth.json(position, 'writer')).toContain('"legacy":false');
});

test('several topics share the history; dots in a name are underscores in paths; old executions are pruned', async () => {
  const { archive, files } = await write({
    topics: ['web.orders', 'clicks'],
    records: 600,
    historyKept: 1,
    codec: 'null',
  });
  await expectConsistent(archive, files, 'web.orders');
  await expectConsistent(archive, files, 'clicks');
  const histories = [...files.keys()].filter((path) => path.startsWith('/camus/exec/base/history/'));
  expect(new Set(histories.map((path) => path.split('/')[5])).size).toBe(1);
  expect(histories.every((path) => path.startsWith(`${archive.newestExecution.path}/`))).toBe(true);
});

test('a disk holds the same files as memory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'camus-archive-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const options = { records: 500, newestExecutionAt: Date.UTC(2026, 0, 1) };
  const { files } = await write(options);
  await writeCamusArchive({ ...small, ...options, sink: diskSink(root) });
  for (const [path, bytes] of files) expect(await readFile(join(root, path)), path).toEqual(bytes);
});
