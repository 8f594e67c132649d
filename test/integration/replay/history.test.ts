// What Temporal keeps of a job: payloads that stay small however many files and partitions there are, and no address of
// a server, since everybody with the Web UI can read them.
import { expect, test } from 'vitest';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const MAX_PAYLOAD_BYTES = 64 * 1024;

/** All payloads of a history, wherever in its events they stand. */
function payloadsOf(value: unknown): Uint8Array[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { data } = value as { data?: unknown };
  return data instanceof Uint8Array ? [data] : Object.values(value).flatMap(payloadsOf);
}

test('payloads are small and name no server', async () => {
  const { harness } = shared;
  const { archive, topic, job } = await writeTestArchive(harness, { partitions: 6 });
  await harness.createSource(topic, archive.offsets());
  const handle = await harness.start({
    ...job,
    output: { ...job.output, partitions: 'source', partitionCount: 100 },
    offsets: { group: `history-${topic}`, kafka: true },
  });
  await handle.result();
  const history = await handle.fetchHistory();
  const payloads = payloadsOf(history);
  expect(payloads.length).toBeGreaterThan(20);
  expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThan(MAX_PAYLOAD_BYTES);
  const text = payloads.map((payload) => Buffer.from(payload).toString('utf8')).join('\n');
  expect(text).toContain(topic);
  const { kafka, namenode, datanode, zookeeper } = harness.stack;
  for (const address of [...kafka, namenode, datanode, zookeeper])
    expect(text).not.toContain(address.replace(/^http:\/\//, ''));
});
