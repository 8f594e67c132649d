import type { ReplayRun } from './replay-run.ts';

/** Catalogues the sorted files; where more would overlap than a merge may have open, merges some of them first. */
export async function mergeUntilItFits({ state, steps, control, show }: ReplayRun): Promise<void> {
  const { job, listing, claim, decoded, afterWindows } = state;
  if (listing === undefined || claim === undefined) throw new TypeError('catalogue before claim');
  for (;;) {
    const level = state.mergeLevel;
    const catalogue = await steps.catalogueSorted.executeWithOptions({ summary: `merge level ${level}` }, [
      { job, listing, claim, decoded, level, ...(afterWindows && { afterWindows }) },
    ]);
    state.catalogue = catalogue;
    if (catalogue.passes === 0) return;
    for (let pass = 0; pass < catalogue.passes; pass += 1) {
      await control.gate();
      await steps.mergePass.executeWithOptions({ summary: `merge pass ${pass + 1} of ${catalogue.passes}` }, [
        { job, listing, level, pass },
      ]);
    }
    state.mergeLevel += 1;
    show();
  }
}
