import { mergeLevels } from './merge-levels.ts';
import type { ReplayRun } from './replay-run.ts';

/** Catalogues the sorted files; where more would overlap than a merge may have open, merges some of them first. */
export async function mergeUntilItFits(run: ReplayRun): Promise<void> {
  const { state, steps } = run;
  const { job, listing, claim, decoded } = state;
  if (listing === undefined || claim === undefined) throw new TypeError('catalogue before claim');
  await mergeLevels(run, state, {
    catalogue: async (level) => {
      const catalogue = await steps.catalogueSorted.executeWithOptions({ summary: `merge level ${level}` }, [
        { job, listing, claim, decoded, level },
      ]);
      state.catalogue = catalogue;
      return catalogue;
    },
    pass: (level, pass, of) =>
      steps.mergePass.executeWithOptions({ summary: `merge pass ${pass + 1} of ${of}` }, [
        { job, listing, level, pass },
      ]),
  });
}
