// Whatever decodes or compares records is done in threads, in memory that was taken for it; a thread that is ended leaves
// the number of its file, and the error tells the path.
import { beforeEach, expect, it, vi } from 'vitest';
import { READING_BYTES } from '../../../activities/verify/compared-archive.ts';
import { LISTED_BYTES } from '../../../activities/verify/compare/listed-record.ts';
import { runTally } from '../../../activities/verify/threads/run-tally.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';

const RECORDS = 12;
const TIME = Date.UTC(2026, 10, 20, 10);
const PATHS = ['/lines/a.log', '/lines/b.log'];

let verify: MemoryVerify;
const job = {
  topic: 'events',
  archive: { input: '/lines', format: 'text' },
  output: { encoding: 'original' },
  verify: { against: ['source'] },
};

beforeEach(async () => {
  const store = new MemoryFileStore();
  const kafka = new MemoryKafka();
  await kafka.createTopic('events', { partitions: 1, replicationFactor: 1, settings: {} });
  const builder = new RecordBatchBuilder({ topic: 'events', partition: 0, ordinals: false });
  const lines = Array.from({ length: RECORDS }, (_, n) => JSON.stringify({ timestamp: TIME + n, n }));
  for (const [n, line] of lines.entries()) {
    const bytes = body(null, Buffer.from(line));
    const { hi, lo } = int64FromBigInt(BigInt(TIME + n));
    builder.add(hi, lo, bytes, 0, bytes.length, 0);
  }
  const log = kafka.partition('events', 0);
  await log.append(builder.take(), { id: 1n, epoch: 0 });
  await log.mark({ id: 1n, epoch: 0 }, 'commit');
  const changed = lines.with(3, lines[3]!.replace('"n"', '"m"'));
  await store.write(PATHS[0]!, [Buffer.from(`${changed.slice(0, 5).join('\n')}\n`)]);
  await store.write(PATHS[1]!, [Buffer.from(`${changed.slice(5).join('\n')}\n`)]);
  verify = new MemoryVerify(store, kafka);
});

it('looks at the records of a bucket in a thread, in memory for each of them', async () => {
  const take = vi.spyOn(verify.deps.budget, 'take');
  const { findings } = await verify.run(job);
  expect(findings.map(({ kind }) => kind)).toEqual(['changed']);
  expect(verify.threaded).toEqual(['tallyTopic', 'tallyArchive', 'narrowVerify']);
  expect(take.mock.calls.map(([bytes]) => bytes).at(-1)).toBe(READING_BYTES + 2 * RECORDS * LISTED_BYTES);
});

it('tells the path of the file that a thread had in hand', async () => {
  const { job: begun } = await verify.begin(job);
  const told: string[] = [];
  verify.deps.tallier.tally = async (_, __, { fileAt }) => {
    for (const index of PATHS.keys()) told.push(await fileAt(index));
    return { tallied: { records: 0 }, compared: 0 };
  };
  const { context } = verify.worker;
  await runTally('tallyArchive', verify.deps)({ job: begun, target: 'source', split: 0 }, context);
  expect(told).toEqual(PATHS);
});
