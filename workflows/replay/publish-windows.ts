import type { PublishedWindows } from '../../activities/replay/steps.ts';
import { addSlice } from './add-slice.ts';
import { publishStaged } from './publish-staged.ts';
import type { ReplayState } from './replay-state.ts';
import type { ReplayRun } from './replay-run.ts';

/**
 * Publishes a job that is sorted window by window, slice by slice; what it decodes is known as it goes on. A window that
 * doesn't fit into memory goes through staging, unless the job is to have windows and nothing else.
 */
export async function publishWindows(run: ReplayRun): Promise<void> {
  const { state, steps, control, show, carryOn } = run;
  const { job, listing, claim } = state;
  if (listing?.windows === undefined || claim === undefined) throw new TypeError('publish before claim');
  const { count } = listing.windows;
  const mayStage = job.sort !== 'windows';
  for (let done = false; !done;) {
    if (state.staged !== undefined) await publishStaged(run, state.staged);
    delete state.staged;
    await control.gate();
    const at = Math.min((state.window ?? 0) + 1, count);
    const summary = `${claim.topic}: from ${state.published.records}, window ${at} of ${count}`;
    const { rate } = state.control;
    await control.slice(
      () => steps.publishWindows.executeWithOptions({ summary }, [{ job, listing, claim, rate, mayStage }]),
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
  addSlice(state, slice);
  state.decoded = slice.decoded;
  state.window = slice.window;
  if (slice.sequence !== undefined) state.catalogue = slice.sequence;
  const { stage } = slice;
  if (stage === undefined) return;
  state.window = stage.number;
  state.staged = { ...stage, nextSplit: stage.firstSplit, sorted: 0, mergeLevel: 0 };
  state.stagedWindows = (state.stagedWindows ?? 0) + 1;
}
