import { JobError } from '../../step/job-error.ts';
import { parseStaged, unusable } from '../../step/staged-json.ts';
import type { Staging } from '../staging.ts';
import { noTotals, windowTotalsShape, type WindowTotals } from './window-totals.ts';

/**
 * Totals up to a window, which was published or is.
 *
 * @throws JobError where they are gone
 */
export async function readTotals(staging: Staging, window: number, signal: AbortSignal): Promise<WindowTotals> {
  const totals = await totalsInPlace(staging, window, signal);
  if (totals !== undefined) return totals;
  const path = staging.windowTotals(window);
  throw new JobError(
    'staging-lost',
    `The counts ${path} are gone while the job runs: was the staging folder cleaned? Start the job again.`,
    { path },
  );
}

/** Totals up to a window that is out or in hand; before the first one there are none. */
export async function totalsUpTo(staging: Staging, window: number, signal: AbortSignal): Promise<WindowTotals> {
  return window < 0 ? noTotals() : readTotals(staging, window, signal);
}

/** Totals up to a window, as far as they are in place. */
export async function totalsInPlace(
  staging: Staging,
  window: number,
  signal: AbortSignal,
): Promise<WindowTotals | undefined> {
  const path = staging.windowTotals(window);
  const bytes = await staging.readSmall(path, signal);
  return bytes === undefined ? undefined : parseStaged(path, windowTotalsShape, bytes);
}

/**
 * Puts totals in place, or compares them with what another attempt has put there.
 *
 * @returns whether they were not there before, and the totals to go on with
 */
export async function putTotals<T extends WindowTotals>(
  staging: Staging,
  totals: T,
  signal: AbortSignal,
): Promise<{ isNew: boolean; totals: T }> {
  const path = staging.windowTotals(totals.window);
  // Not looked for before: publishing waits for this, and nearly always nothing is there.
  if (await staging.put(path, [Buffer.from(JSON.stringify(totals))], signal)) return { isNew: true, totals };
  return { isNew: false, totals: await compareTotals(staging, totals, signal) };
}

/**
 * Compares totals with those that are in place, of a window that is decoded once more.
 *
 * @returns the totals with the checksum that is in place, or with none, so that every attempt goes on with the same
 * @throws JobError where they are others, or gone
 */
export async function compareTotals<T extends WindowTotals>(
  staging: Staging,
  totals: T,
  signal: AbortSignal,
): Promise<T> {
  const present = await readTotals(staging, totals.window, signal);
  assertSame(staging.windowTotals(totals.window), present, totals);
  const { checksum } = present;
  const same = { ...totals };
  delete same.checksum;
  return checksum === undefined ? same : { ...same, checksum };
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
