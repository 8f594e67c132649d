import { z } from 'zod';
import { unusable } from '../../step/staged-json.ts';
import { censusShape, type Census } from '../merge/offset-census.ts';
import type { Staging } from '../staging.ts';
import { readTotals } from './kept-totals.ts';
import type { WindowTotals } from './window-totals.ts';

/** What is known of a sequence by offsets up to the end of a window, beside what became of the records decoded so far. */
export interface OffsetProgress {
  /** Records of the sequence, each once. */
  published: number;
  /** Entries that repeat one of them. */
  repeats: number;
  /** The first window that has splits with records behind this window, or the one that follows it. */
  heldFrom: number;
  census: Census;
}

/** Totals of windows of offsets: `kept` are the records decoded so far, some of which are of windows to come. */
export interface OffsetTotals extends WindowTotals {
  offsets: OffsetProgress;
}

const count = z.int().min(0);

const progressShape: z.ZodType<OffsetProgress> = z.looseObject({
  published: count,
  repeats: count,
  heldFrom: count,
  census: censusShape,
});

/** Before the first window. */
export function noOffsets(fingerprint: string): OffsetProgress {
  return { published: 0, repeats: 0, heldFrom: 0, census: { fingerprint, partitions: [], repeats: [] } };
}

/**
 * Totals up to a window of offsets, which was published or is.
 *
 * @throws JobError where they are gone, or not of this sequence
 */
export async function readOffsetTotals(
  staging: Staging,
  window: number,
  fingerprint: string,
  signal: AbortSignal,
): Promise<OffsetTotals> {
  const totals = await readTotals(staging, window, signal);
  const path = staging.windowTotals(window);
  const { success, data } = progressShape.safeParse((totals as Partial<OffsetTotals>).offsets);
  if (!success) throw unusable(path, 'counts of a window of offsets', 'others');
  if (data.census.fingerprint !== fingerprint)
    throw unusable(path, `the sequence ${fingerprint.slice(0, 12)}`, data.census.fingerprint.slice(0, 12));
  return { ...totals, offsets: data };
}
