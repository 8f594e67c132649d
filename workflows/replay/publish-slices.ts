import { addText } from '../run/int64-text.ts';
import type { PublishedSlice } from '../../activities/replay/steps.ts';
import type { ReplayState } from './replay-state.ts';
import type { ReplayRun } from './replay-run.ts';

/** Publishes slice by slice until the whole sequence is out; between slices people are heard. */
export async function publishSlices({ state, steps, control, show, carryOn }: ReplayRun): Promise<void> {
  const { job, listing, claim, catalogue, mergeLevel: level } = state;
  if (listing === undefined || claim === undefined || catalogue === undefined)
    throw new TypeError('publish before catalogue');
  for (let done = false; !done;) {
    await control.gate();
    const summary = `${claim.topic}: from ${state.published.records} of ${catalogue.records}`;
    const { rate } = state.control;
    await control.slice(
      () => steps.mergePublish.executeWithOptions({ summary }, [{ job, listing, claim, catalogue, level, rate }]),
      (slice) => {
        add(state, slice);
        done = slice.done;
      },
    );
    show();
    if (!done) await carryOn();
  }
}

function add({ published }: ReplayState, slice: PublishedSlice): void {
  published.records = slice.published;
  published.bytes = addText(published.bytes, slice.bytes);
  published.transactions += slice.transactions;
  if (slice.records > 0 && slice.seconds > 0) published.recordsPerSecond = slice.records / slice.seconds;
}
