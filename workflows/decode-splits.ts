import { condition } from '@temporalio/workflow';
import type { DecodedSplit } from '../activities/steps.ts';
import { addText, type ReplayState } from './replay-state.ts';
import type { Steps } from './steps-of.ts';

/**
 * Decodes all splits, a window of them at a time. `betweenSplits` may end this run; it is called with nothing in hand.
 */
export async function decodeSplits(
  state: ReplayState,
  steps: Steps,
  betweenSplits: () => Promise<void>,
): Promise<void> {
  const { job, listing } = state;
  if (listing === undefined) throw new TypeError('decode before list');
  let inHand = 0;
  let failed: unknown;
  const decode = async (split: number): Promise<void> => {
    inHand += 1;
    try {
      const summary = `split ${split + 1} of ${listing.splits}`;
      add(state, await steps.decodeAndSort.executeWithOptions({ summary }, [{ job, listing, split }]));
    } catch (error) {
      failed ??= error;
    } finally {
      inHand -= 1;
    }
  };
  // A window keeps the history of one run bounded: every so many splits all in hand are waited for.
  const perRun = 2_000;
  for (let started = 0; state.nextSplit < listing.splits; started += 1) {
    if (started === perRun) {
      await condition(() => inHand === 0);
      await rethrow(failed);
      await betweenSplits();
      started = 0;
    }
    await condition(() => inHand < job.tuning.decodeConcurrency);
    if (failed !== undefined) break;
    void decode(state.nextSplit);
    state.nextSplit += 1;
  }
  await condition(() => inHand === 0);
  await rethrow(failed);
}

async function rethrow(error: unknown): Promise<void> {
  if (error !== undefined) throw error;
}

function add(state: ReplayState, split: DecodedSplit): void {
  const { decoded } = state;
  decoded.splits += 1;
  decoded.read += split.read;
  decoded.kept += split.kept;
  decoded.outOfRange += split.outOfRange;
  decoded.skipped += split.skipped;
  decoded.clamped += split.clamped;
  if (split.timeUnit !== undefined && !decoded.timeUnits.includes(split.timeUnit))
    decoded.timeUnits.push(split.timeUnit);
  decoded.bytesRead = addText(decoded.bytesRead, split.bytesRead);
  decoded.bytesSorted = addText(decoded.bytesSorted, split.bytesSorted);
}
