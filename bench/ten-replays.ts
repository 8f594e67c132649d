import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { progressQuery } from '../workflows/replay/messages.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { writeTestArchive } from '../test/support/test-archive.ts';
import { onHarness } from '../test/support/on-stack.ts';

/**
 * Ten replays at once on one worker: when each one ended, and how far the slowest was when the first one ended.
 *
 *     npm run bench:ten-replays -- [--records 100000] [--replays 10] [--stack NAME]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    replays: { type: 'string', default: '10' },
    stack: { type: 'string' },
  },
});
await onHarness(values.stack, { purpose: 'bench' }, (harness) =>
  measure(harness, Number(values.records), Number(values.replays)),
);

async function measure(harness: ReplayHarness, records: number, replays: number): Promise<void> {
  const { job, topic } = await writeTestArchive(harness, { records, hours: 12 });
  await harness.startWorker({ REWIND_SPLIT_MIB: '1', REWIND_SLICE_MS: '5000' });
  const began = performance.now();
  const handles = await Promise.all(
    Array.from({ length: replays }, (_, number) => harness.start({ ...job, replayTopic: `${topic}_${number}` })),
  );
  const shares = handles.map(() => 0);
  const watching = handles.map(async (handle, index) => {
    for (;;) {
      const progress = await handle.query(progressQuery);
      const { splits, records: counts } = progress ?? {};
      const decoded = splits === undefined || splits.total === 0 ? 0 : splits.decoded / splits.total;
      const total = Number(counts?.total ?? 0);
      shares[index] = decoded / 2 + (total === 0 ? 0 : Number(counts?.published ?? 0) / total / 2);
      if (progress?.status === 'done') return;
      await sleep(250);
    }
  });
  let slowestAtFirst: number | undefined;
  const ends = await Promise.all(
    handles.map(async (handle) => {
      await handle.result();
      slowestAtFirst ??= Math.min(...shares);
      return (performance.now() - began) / 1000;
    }),
  );
  await Promise.all(watching);
  const sorted = ends.toSorted((a, b) => a - b);
  console.log(
    `${replays} replays of ${records} records on one worker: the first ended after ${sorted[0]?.toFixed(1)} s, the last after ` +
      `${sorted.at(-1)?.toFixed(1)} s; the slowest was ${Math.round((slowestAtFirst ?? 0) * 100)} % through when the first ended`,
  );
}
