import { JobError } from '../../step/job-error.ts';
import { checkDecoded } from '../decode/check-decoded.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { assertFits } from '../publish/record-size.ts';
import type { FileListing, ReplayTopicClaim } from '../steps.ts';
import type { WindowTotals } from './window-totals.ts';

/** Records after which a share of them says something of all. */
const TELLING_RECORDS = 10_000;

/**
 * The last look at a window before it is published, over all windows so far: one unit of times, records that fit into the
 * topic, and, as soon as there are enough of them, not too much skipped. Returns what is worth a look.
 *
 * @throws JobError
 */
export function checkWindow(
  { job, listing, claim }: { job: ReplayJob; listing: FileListing; claim: ReplayTopicClaim },
  totals: WindowTotals,
  { isLast }: { isLast: boolean },
): string[] {
  const { read, kept, skipped, skippedBy, estimated, timeUnits, strays, largestBody } = totals;
  const judged = isLast || read >= TELLING_RECORDS || job.badData.policy === 'fail';
  const counted = { read, kept, timeUnits, ...(strays !== undefined && { strays }) };
  const lost = judged ? { skipped, skippedBy, estimated } : { skipped: 0, skippedBy: {} };
  const published = kept > 0 && totals.window > 0;
  return sayingPublished(published, () => {
    assertFits(job, claim.maxMessageBytes, largestBody);
    return checkDecoded({ job, listing, decoded: { ...counted, ...lost } });
  });
}

/** Errors of checks say that nothing was published, which is true up to the first window only. */
export function sayingPublished<T>(published: boolean, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!published || !(error instanceof JobError)) throw error;
    const message = error.message
      .replace('Nothing was published.', 'What comes before is published.')
      .replace('nothing was published.', 'what comes before is published.');
    throw new JobError(error.code, message, error.facts);
  }
}
