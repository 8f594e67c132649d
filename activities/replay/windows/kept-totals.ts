import { JobError } from '../../step/job-error.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import type { Staging } from '../staging.ts';
import { windowTotalsShape, type WindowTotals } from './window-totals.ts';

/**
 * Totals up to a window, which was published or is.
 *
 * @throws JobError where they are gone
 */
export async function readTotals(staging: Staging, window: number, signal: AbortSignal): Promise<WindowTotals> {
  const path = staging.windowTotals(window);
  const bytes = await staging.readSmall(path, signal);
  if (bytes !== undefined) return parseStaged(path, windowTotalsShape, bytes);
  throw new JobError(
    'staging-lost',
    `The counts ${path} are gone while the job runs: was the staging folder cleaned? Start the job again.`,
    { path },
  );
}

/**
 * Puts totals in place, or compares them with what another attempt has put there.
 *
 * @returns whether they were not there before
 */
export async function putTotals(staging: Staging, totals: WindowTotals, signal: AbortSignal): Promise<boolean> {
  const path = staging.windowTotals(totals.window);
  const before = await staging.readSmall(path, signal);
  const present = before ?? (await staging.putSmall(path, Buffer.from(JSON.stringify(totals)), signal));
  assertSame(path, parseStaged(path, windowTotalsShape, present), totals);
  return before === undefined;
}

/**
 * Compares totals with those that are in place, of a window that is decoded once more.
 *
 * @throws JobError where they are others, or gone
 */
export async function compareTotals(staging: Staging, totals: WindowTotals, signal: AbortSignal): Promise<void> {
  assertSame(staging.windowTotals(totals.window), await readTotals(staging, totals.window, signal), totals);
}

function assertSame(path: string, other: WindowTotals, totals: WindowTotals): void {
  const sums = other.checksum !== undefined && totals.checksum !== undefined;
  const [found, own] = [other, totals].map((each) => text(each, sums));
  if (found !== own) throw unusable(path, own!, found!, OTHERS);
}

/** Some of the window may be published: no mixture of two results is the one or the other. */
const OTHERS =
  'The window was decoded before, and gives other records now. Functions of the job must give the same for the same record each time; else take the job up with the release and the settings that began it, or remove the staging and start the job anew, with another replay topic.';

function text(totals: WindowTotals, withChecksum: boolean): string {
  const { read, kept, skipped, filtered, outOfRange, partitionRecords, checksum } = totals;
  const sum = withChecksum ? `, checksum ${checksum}` : '';
  return `${read} records read, ${kept} kept (${partitionRecords.join(', ')}), ${skipped} skipped, ${filtered} filtered, ${outOfRange} out of range${sum}`;
}
