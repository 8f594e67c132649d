import { patched } from '@temporalio/workflow';
import type { CatalogueSummary } from '../../activities/replay/steps.ts';
import type { MergeState } from './replay-state.ts';
import type { ReplayRun } from './replay-run.ts';

/** The steps of a merge, of the job as a whole or of one window. */
export interface MergeSteps {
  catalogue: (level: number) => Promise<CatalogueSummary>;
  pass: (level: number, pass: number, of: number) => Promise<void>;
}

/**
 * Catalogues the sorted files, and merges some of them first, level by level, until all that overlap may be open in one
 * merge. Goes on in a new run between two passes where the history is long: a window of a terabyte has some thousands.
 */
export async function mergeLevels(run: ReplayRun, at: MergeState, steps: MergeSteps): Promise<CatalogueSummary> {
  const { control, show, historyIsLong, carryOn } = run;
  for (;;) {
    if (at.merging === undefined) {
      const catalogue = await steps.catalogue(at.mergeLevel);
      if (catalogue.passes === 0) return catalogue;
      at.merging = { done: 0, of: catalogue.passes };
    }
    for (const { merging } = at; merging.done < merging.of;) {
      await control.gate();
      await steps.pass(at.mergeLevel, merging.done, merging.of);
      merging.done += 1;
      // Jobs of a release that did not do so may have a history that is longer already.
      if (historyIsLong() && patched('goes-on-between-merges')) await carryOn();
    }
    delete at.merging;
    at.mergeLevel += 1;
    show();
  }
}
