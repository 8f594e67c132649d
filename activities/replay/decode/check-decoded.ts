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
  const { policy, limitPercent, limits } = job.badData;
  if (policy === 'fail' && decoded.skipped > 0) throw skippedBefore(job.id, decoded);
  const byReason = Object.entries(limits) as [keyof SkippedByFault, number][];
  const all = { field: 'limitPercent', skipped: decoded.skipped, limit: limitPercent };
  const each = byReason.map(([fault, limit]) => ({
    field: `limits.${fault}`,
    skipped: decoded.skippedBy[fault] ?? 0,
    limit,
  }));
  for (const { field, skipped, limit } of [all, ...each]) {
    const percent = decoded.read === 0 ? 0 : (skipped * 100) / decoded.read;
    if (percent <= limit) continue;
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

/** The job was taken up with `skip`, and then again without it. */
function skippedBefore(job: string, { skipped, read }: Pick<CatalogueInput['decoded'], 'skipped' | 'read'>): JobError {
  return new JobError(
    'skip-limit',
    `${skipped} of ${read} records could not be read, and were left out when the job ${job} was taken up with badData.policy "skip"; now it has "fail". Take it up with "skip" again.`,
    { skipped, read, field: 'policy' },
  );
}

function estimatedText(estimated = 0): string {
  return estimated === 0 ? '' : `, ${estimated} of all that are skipped estimated by the bytes of what nothing counts`;
}
