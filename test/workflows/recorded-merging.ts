import { startOwnTemporal } from '../support/own-temporal.ts';
import { ReplayHarness } from '../support/replay-harness.ts';
import { runsOfChain } from '../support/runs-of-chain.ts';
import { writeTestArchive } from '../support/test-archive.ts';
import type { Recorded } from './recorded-archives.ts';

/** Events after which the server suggests a new run; its own default is 4096. */
const SUGGESTED = 40;

/** A replay that goes on in new runs between merge passes: the first run that does so, and the one behind it. */
export async function* recordedMerging(temporalCommand: string, base: ReplayHarness): AsyncGenerator<Recorded> {
  const temporal = await startOwnTemporal(temporalCommand, { 'limit.historyCount.suggestContinueAsNew': SUGGESTED });
  const harness = await ReplayHarness.open({ ...base.stack, temporal: temporal.address });
  try {
    await harness.startWorker({ REWIND_SPLIT_MIB: '0.004', REWIND_MERGE_FAN_IN: '2' });
    const { job } = await writeTestArchive(harness, { records: 3_000, hours: 1 });
    const handle = await harness.start({ ...job, sort: 'whole' });
    const names = ['replay-merging-first', 'replay-merging-next'];
    for await (const run of runsOfChain(harness.client, handle)) {
      const { events } = await run.fetchHistory();
      const merges = (events ?? []).filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'mergePass',
      );
      if (merges.length > 0 && names.length > 0) yield [names.shift()!, run];
    }
    if (names.length > 0) throw new Error(`the replay was to go on between merge passes: there is no ${names.join()}`);
  } finally {
    await harness.close();
    await temporal.stop();
  }
}
