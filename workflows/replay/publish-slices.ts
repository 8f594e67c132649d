import { addSlice } from './add-slice.ts';
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
        addSlice(state, slice);
        done = slice.done;
      },
    );
    show();
    if (!done) await carryOn();
  }
}
