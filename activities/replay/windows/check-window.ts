import { checkDecoded, overLimit } from '../decode/check-decoded.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertFits } from '../publish/record-size.ts';
import type { FileListing, ReplayTopicClaim } from '../steps.ts';
import type { WindowTotals } from './window-totals.ts';

/**
 * The last look at a window before it is published, over all windows so far: one unit of times, records that fit into the
 * topic, and not more skipped than all of the job may have. Returns what is worth a look.
 *
 * @throws JobError
 */
export function checkWindow(
  { job, listing, claim }: { job: ReplayJob; listing: FileListing; claim: ReplayTopicClaim },
  totals: WindowTotals,
  { isLast }: { isLast: boolean },
): string[] {
  const { read, kept, skipped, skippedBy, estimated, timeUnits, strays, largestBody } = totals;
  const all = isLast ? read : expectedRecords(listing, totals);
  const judged = job.badData.policy === 'fail' || overLimit(job, { read: all, skipped, skippedBy }) !== undefined;
  const counted = { read, kept, timeUnits, ...(strays !== undefined && { strays }) };
  const lost = judged ? { skipped, skippedBy, estimated } : { skipped: 0, skippedBy: {} };
  assertFits(job, claim.maxMessageBytes, largestBody);
  return checkDecoded({ job, listing, decoded: { ...counted, ...lost } });
}

/**
 * Records that the job will have read, if the rest of its files holds as many a byte. Limits are of all of them: where bad
 * ones stand together, the first windows would else end a job that is far from its limit.
 */
function expectedRecords({ bytes }: Pick<FileListing, 'bytes'>, { read, bytesRead }: WindowTotals): number {
  const share = Number(bytesRead) / Number(bytes);
  return share > 0 && share < 1 ? read / share : read;
}
