import { inWindow } from '../run/window.ts';
import { addSlice } from './add-slice.ts';
import { mergeLevels } from './merge-levels.ts';
import type { ReplayRun } from './replay-run.ts';
import type { StagedWindowState } from './replay-state.ts';

/**
 * Publishes a window that doesn't fit into memory: sorts its splits in staging, as many at once as a job that is sorted as
 * a whole, merges until it fits, and publishes slice by slice. What it staged is deleted by who goes on behind it.
 */
export async function publishStaged(run: ReplayRun, window: StagedWindowState): Promise<void> {
  if (window.catalogue === undefined) {
    await sortSplits(run, window);
    await mergeUntilItFits(run, window);
  }
  await publishSlices(run, window);
}

async function sortSplits(run: ReplayRun, window: StagedWindowState): Promise<void> {
  const { state, steps, show } = run;
  const { job, listing } = state;
  if (listing === undefined) throw new TypeError('decode before list');
  const { number, firstSplit, endSplit } = window;
  const own = { number, firstSplit, endSplit };
  await inWindow({
    ...run,
    atOnce: job.tuning.decodeConcurrency,
    take: () => (window.nextSplit < endSplit ? window.nextSplit++ : undefined),
    run: (split) => {
      const summary = `window ${number + 1}, split ${split - firstSplit + 1} of ${endSplit - firstSplit}`;
      return steps.stageSplit.executeWithOptions({ summary }, [{ job, listing, split, window: own }]);
    },
    done: () => {
      window.sorted += 1;
      show();
    },
  });
}

async function mergeUntilItFits(run: ReplayRun, window: StagedWindowState): Promise<void> {
  const { job, listing, claim } = run.state;
  if (listing === undefined || claim === undefined) throw new TypeError('catalogue before claim');
  const { number, firstSplit, endSplit } = window;
  const own = { number, firstSplit, endSplit };
  window.catalogue = await mergeLevels(run, window, {
    catalogue: (level) => {
      const summary = `window ${number + 1}, merge level ${level}`;
      return run.steps.catalogueWindow.executeWithOptions({ summary }, [{ job, listing, claim, window: own, level }]);
    },
    pass: (level, pass, of) => {
      const summary = `window ${number + 1}, merge pass ${pass + 1} of ${of}`;
      return run.steps.mergeWindowPass.executeWithOptions({ summary }, [{ job, listing, level, pass, window: own }]);
    },
  });
}

async function publishSlices({ state, steps, control, show, carryOn }: ReplayRun, window: StagedWindowState) {
  const { job, listing, claim } = state;
  const { catalogue, mergeLevel: level, number, firstSplit, endSplit } = window;
  if (listing === undefined || claim === undefined || catalogue === undefined)
    throw new TypeError('publish before catalogue');
  const own = { number, firstSplit, endSplit };
  for (let done = false; !done;) {
    await control.gate();
    const summary = `${claim.topic}: from ${state.published.records}, window ${number + 1}, out of staging`;
    const { rate } = state.control;
    const input = { job, listing, claim, catalogue, level, rate, window: own };
    await control.slice(
      () => steps.publishStaged.executeWithOptions({ summary }, [input]),
      (slice) => {
        addSlice(state, slice);
        done = slice.done;
      },
    );
    show();
    if (!done) await carryOn();
  }
}
