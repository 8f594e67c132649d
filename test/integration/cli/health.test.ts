// A rollout without a pause: the new worker is ready before the old one is told to end, the old one is live and takes
// nothing more while it hands over, and the job under way publishes every record once, with none aborted.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { freeAddress } from '../../support/free-port.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';
import type { ReplayProgress } from '../../../workflows/replay/progress.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';

const RECORDS = 3_000;

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

interface Rolled {
  worker: WorkerProcess;
  /** Status of `/healthz` and `/readyz`; undefined where nobody answers. */
  ask: (path: string) => Promise<number | undefined>;
}

async function workerWithHealth(): Promise<Rolled> {
  const address = await freeAddress();
  const worker = await harness.startWorker({
    ...{ REWIND_HEALTH: address, REWIND_SLICE_MS: '2000' },
    REWIND_HEARTBEAT_TIMEOUT_MS: '60000', // nobody is dead here, however busy the machine
  });
  const ask = async (path: string): Promise<number | undefined> =>
    (await fetch(`http://${address}${path}`).catch(() => undefined))?.status;
  return { worker, ask };
}

test('two rollouts in the middle of a replay: nothing waits, nothing is aborted, every record is there once', async () => {
  const first = await workerWithHealth();
  await expect.poll(() => first.ask('/readyz')).toBe(200);
  const made = await writeTestArchive(harness, { records: RECORDS });
  const handle = await harness.start({ ...made.job, rate: { records: 8 } });
  const published = async (): Promise<number> => {
    const progress = await handle.query<ReplayProgress | undefined>('progress').catch(() => undefined);
    return Number(progress?.records.published ?? 0);
  };
  let old = first;
  for (let rollout = 0; rollout < 2; rollout++) {
    const before = await published();
    await expect.poll(published).toBeGreaterThan(before);
    const next = await workerWithHealth();
    await expect.poll(() => next.ask('/readyz')).toBe(200);
    old.worker.signal('SIGTERM');
    // Until it has gone it is live, so that nobody kills it, and soon not ready, so that nobody counts on it.
    await expect
      .poll(async () => {
        expect([200, undefined]).toContain(await old.ask('/healthz'));
        return old.ask('/readyz');
      })
      .not.toBe(200);
    await old.worker.end();
    old = next;
  }
  await handle.signal('rate', {});
  const result = (await handle.result()) as ReplayResult;
  expect(result.partitions.map(({ aborted }) => aborted)).toEqual(result.partitions.map(() => '0'));
  await expectReplayed(harness, made.replayTopic, made.archive.truth());
});
