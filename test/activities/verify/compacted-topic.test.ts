// Proves that records which compaction took from a topic are no findings, and hide none: what the topic still has is
// compared record by record where the archive tells offsets.
import { beforeEach, expect, it } from 'vitest';
import type { ReportedVerify } from '../../../activities/verify/steps.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { batchOf } from '../../support/odd-records.ts';
import { wholeRecordFile, type WholeRecord } from '../../support/whole-records.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const FOLDER = '/camus/users/hourly/2026/11/20/10';
/** Batches of ten, so that whole ones can be compacted away. */
const RECORDS = Array.from({ length: 40 }, (_, offset) => ({
  topic: 'users',
  partition: 0,
  offset,
  timestamp: TIME + offset,
  key: Buffer.from(`k${offset % 10}`),
  value: Buffer.from(JSON.stringify({ timestamp: TIME + offset, offset })),
}));

let store: MemoryFileStore;
let kafka: MemoryKafka;
let verify: MemoryVerify;

beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  verify = new MemoryVerify(store, kafka);
  await kafka.createTopic('users', { partitions: 1, replicationFactor: 1, settings: { 'cleanup.policy': 'compact' } });
  for (let from = 0; from < 40; from += 10)
    await kafka.partition('users', 0).append(
      batchOf(
        'users',
        0,
        RECORDS.slice(from, from + 10).map((each) => ({ ...each, timestamp: BigInt(each.timestamp), headers: [] })),
      ),
    );
  kafka.partition('users', 0).lose(10n, 30n);
});

const FILE = `${FOLDER}/users.1.0.40.40.${TIME}`;

async function archive(records: readonly WholeRecord[], path = `${FILE}.avro`): Promise<void> {
  await store.delete(path);
  await store.write(path, [wholeRecordFile([...records])]);
}

function run(changes: object = {}): Promise<ReportedVerify> {
  const archived = { dest: '/camus', timeZone: 'UTC' };
  return verify.run({ topic: 'users', archive: archived, verify: { against: ['source'] }, ...changes });
}

it('agrees where the archive has what was compacted, and says how much that is', async () => {
  await archive(RECORDS);
  const result = await run();
  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({ agrees: true, targets: [{ archive: '20', found: '20', compacted: '20' }] });
  expect(result.notes.join()).toContain('20 records of the archive are no more in users, which is compacted');
});

it('finds a changed byte, and a record that the archive lacks, among those that are left', async () => {
  await archive(RECORDS.with(35, { ...RECORDS[35]!, value: Buffer.from('x') }).toSpliced(3, 1));
  const { findings } = await run();
  expect(findings.map(({ kind, from }) => [kind, from]).sort()).toEqual([
    ['changed', '35'],
    ['missing', '3'],
    ['unreadable', undefined],
  ]);
});

it('finds a file that is there twice by what is left of it', async () => {
  await archive(RECORDS);
  await archive(RECORDS, `${FILE.replace('users.1.', 'users.2.')}.avro`);
  expect((await run()).findings).toEqual([expect.objectContaining({ kind: 'doubled', records: 20 })]);
});

it('takes records that only an archive of values has for compacted, and still finds what the archive lacks', async () => {
  const lines = (records: readonly WholeRecord[]): Buffer =>
    Buffer.from(records.map(({ value }) => `${value!.toString()}\n`).join(''));
  const text = {
    archive: { dest: '/camus', timeZone: 'UTC', format: 'text' },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
  };
  await store.write(FILE, [lines(RECORDS)]);
  expect(await run(text)).toMatchObject({ agrees: true, targets: [{ archive: '40', found: '20', compacted: '20' }] });
  await store.delete(FILE);
  const short = `${FOLDER}/users.1.0.30.40.${TIME}`;
  await store.write(short, [lines(RECORDS.slice(0, 30))]);
  const { findings } = await run(text);
  expect(findings.map(({ kind, from, to }) => [kind, from, to])).toEqual([['missing', '30', '40']]);
});
