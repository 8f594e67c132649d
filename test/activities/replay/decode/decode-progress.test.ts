// Proves that a split tells that it moves with every read of its file, so that no attempt is given up while it works:
// also where none of the records is kept, and where a file is read for its checksum before its first record counts.
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { SortedSplit } from '../../../../activities/replay/decode/sorted-split.ts';
import { parseHdfsConfig } from '../../../../connections/hdfs/config.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayJob } from '../../../support/replay-job.ts';

const HDFS = parseHdfsConfig({ urls: ['http://localhost:1'] }, 'test');
/** Lines that hardly compress, so that the file takes several reads. */
const LINES = Array.from({ length: 180_000 }, (_, n) =>
  JSON.stringify({ timestamp: 1_000 + n, noise: (n * 2_654_435_761) % 4_294_967_296, more: Math.sin(n) }),
).join('\n');

it.each([
  ['a file whose records are all out of range', Buffer.from(LINES), { from: '2020-01-01T00:00:00Z' }, 2],
  [
    'a compressed file that is read for its checksum first',
    gzipSync(LINES),
    { from: '2020-01-01T00:00:00Z', badData: { policy: 'skip' as const } },
    2,
  ],
])('%s', async (_, bytes, input, passes) => {
  const store = new MemoryFileStore();
  await store.write('/in/lines', [bytes]);
  const { length, modifiedAt } = (await store.status('/in/lines'))!;
  const job = replayJob({
    archive: { input: '/in/*', format: 'text' },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
    ...input,
  });
  const task = {
    job,
    hdfs: HDFS,
    fingerprint: 'f'.repeat(64),
    number: 0,
    split: { files: [{ path: '/in/lines', length, modifiedAt }], range: undefined },
    partitions: 1,
    schema: undefined,
    recordsPerByte: undefined,
    functionsPath: undefined,
    path: '/out',
    bufferBytes: 1024 * 1024,
  };
  let told = 0;
  const decoding = new SortedSplit(task, store, new SortBuffer({ capacity: task.bufferBytes }), () => (told += 1));
  for await (const _chunk of decoding.chunks());
  expect(decoding.counts()).toMatchObject({ read: 180_000, kept: 0 });
  expect(told).toBeGreaterThan(passes);
});
