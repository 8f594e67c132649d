import { JobError } from '../../step/job-error.ts';
import { leftOutByRange } from '../manifest/file-selection.ts';
import { judgeStrays } from './judge-strays.ts';
import { differentUnits } from './sample-files.ts';
import type { CatalogueInput, SkippedByFault } from '../steps.ts';

/**
 * The last look at what was decoded, over all splits: one unit of times, times that are those of their files, and not too
 * much skipped. Returns what is worth a look; throws JobError.
 */
export function checkDecoded({ job, listing, decoded }: Pick<CatalogueInput, 'job' | 'listing' | 'decoded'>): string[] {
  if (decoded.timeUnits.length > 1) throw differentUnits(decoded.timeUnits);
  // With it nothing is ever passed over, not even what has cost no record.
  if (job.badData.policy === 'fail' && (decoded.skipped > 0 || Object.keys(decoded.skippedBy).length > 0))
    throw skippedBefore(job.id, decoded);
  const over = overLimit(job, decoded);
  if (over !== undefined) {
    const { field, skipped, limit, percent } = over;
    throw new JobError(
      'skip-limit',
      `${skipped} of ${decoded.read} records (${percent.toFixed(3)} per cent) can't be read${estimatedText(decoded.estimated)}, more than badData.${field} (${limit}). Nothing was published. The reasons are in ${job.staging}.errors. Where that may be, raise the limit and take the job up: rewind resume ID --job JOB.json.`,
      { skipped, read: decoded.read, estimated: decoded.estimated ?? 0, field },
    );
  }
  const { read, strays } = decoded;
  const { error, remark } = judgeStrays(job, { read, strays, leftOut: leftOutByRange(listing.leftOut) });
  if (error !== undefined) throw error;
  return remark === undefined ? [] : [remark];
}

/** Records that were left out, all of them and by reason, of so many that were read. */
export type SkippedOf = Pick<CatalogueInput['decoded'], 'read' | 'skipped' | 'skippedBy'>;

/** The first limit of a job that so many skipped records are beyond. */
export function overLimit(
  { badData }: Pick<CatalogueInput['job'], 'badData'>,
  { read, skipped: all, skippedBy }: SkippedOf,
): { field: string; skipped: number; limit: number; percent: number } | undefined {
  const byReason = Object.entries(badData.limits) as [keyof SkippedByFault, number][];
  const each = byReason.map(([fault, limit]) => ({ field: `limits.${fault}`, skipped: skippedBy[fault] ?? 0, limit }));
  return [{ field: 'limitPercent', skipped: all, limit: badData.limitPercent }, ...each]
    .map((one) => ({ ...one, percent: read === 0 ? 0 : (one.skipped * 100) / read }))
    .find(({ percent, limit }) => percent > limit);
}

/** The job was taken up with `skip`, and then again without it. */
function skippedBefore(job: string, { skipped, skippedBy, read }: SkippedOf): JobError {
  const faults = Object.keys(skippedBy).join(', ');
  const what =
    skipped === 0
      ? `Files are damaged (${faults}), though no record is missing by what counts them, and were passed over`
      : `${skipped} of ${read} records could not be read (${faults}), and were left out`;
  return new JobError(
    'skip-limit',
    `${what} when the job ${job} was taken up with badData.policy "skip"; now it has "fail". Take it up with "skip" again.`,
    { skipped, read, field: 'policy' },
  );
}

function estimatedText(estimated = 0): string {
  return estimated === 0 ? '' : `, ${estimated} of all that are skipped estimated by the bytes of what nothing counts`;
}
