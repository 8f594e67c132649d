import { addText, type ReplayState } from './replay-state.ts';
import type { Steps } from './steps-of.ts';

/** Publishes slice by slice until the whole sequence is out; between slices this run may end. */
export async function publishSlices(
  state: ReplayState,
  steps: Steps,
  betweenSlices: () => Promise<void>,
): Promise<void> {
  const { job, listing, claim, catalogue, mergeLevel: level } = state;
  if (listing === undefined || claim === undefined || catalogue === undefined)
    throw new TypeError('publish before catalogue');
  for (;;) {
    const summary = `${claim.topic}: from ${state.published.records} of ${catalogue.records}`;
    const slice = await steps.mergePublish.executeWithOptions({ summary }, [{ job, listing, claim, catalogue, level }]);
    state.published.records = slice.published;
    state.published.bytes = addText(state.published.bytes, slice.bytes);
    state.published.transactions += slice.transactions;
    if (slice.done) return;
    await betweenSlices();
  }
}
