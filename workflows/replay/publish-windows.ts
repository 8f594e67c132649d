import { addText } from '../run/int64-text.ts';
import type { PublishedWindows } from '../../activities/replay/steps.ts';
import type { ReplayState } from './replay-state.ts';
import type { ReplayRun } from './replay-run.ts';

/** Publishes a job that is sorted window by window, slice by slice; what it decodes is known as it goes on. */
export async function publishWindows({ state, steps, control, show, carryOn }: ReplayRun): Promise<void> {
  const { job, listing, claim } = state;
  if (listing?.windows === undefined || claim === undefined) throw new TypeError('publish before claim');
  const { count } = listing.windows;
  for (let done = false; !done;) {
    await control.gate();
    const at = (state.window ?? 0) + 1;
    const summary = `${claim.topic}: from ${state.published.records}, window ${at} of ${count}`;
    const { rate } = state.control;
    await control.slice(
      () => steps.publishWindows.executeWithOptions({ summary }, [{ job, listing, claim, rate }]),
      (slice) => {
        add(state, slice);
        done = slice.done;
      },
    );
    show();
    if (!done) await carryOn();
  }
}

function add(state: ReplayState, slice: PublishedWindows): void {
  const { published } = state;
  published.records = slice.published;
  published.bytes = addText(published.bytes, slice.bytes);
  published.transactions += slice.transactions;
  if (slice.records > 0 && slice.seconds > 0) published.recordsPerSecond = slice.records / slice.seconds;
  state.decoded = slice.decoded;
  state.window = slice.window;
  if (slice.sequence !== undefined) state.catalogue = slice.sequence;
}
