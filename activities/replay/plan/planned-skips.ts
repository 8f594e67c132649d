import { perByteOf, recordsPerByte } from '../decode/records-per-byte.ts';
import type { SampledFile } from '../decode/sample-files.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { JobError } from '../../step/job-error.ts';
import type { PlannedRead } from './replay-plan.ts';

/**
 * What the job would skip, as far as the sample tells: an error where that alone is more than the job allows, a remark
 * where it is less, and undefined where all of the sample could be read.
 */
export function plannedSkips(
  { badData: { policy, limitPercent } }: Pick<ReplayJob, 'badData'>,
  { records }: Pick<PlannedRead, 'records'>,
  sampled: readonly SampledFile[],
): JobError | string | undefined {
  const read = sampled.flatMap((one) => ('sample' in one ? [one] : []));
  const hit = read.filter(({ sample }) => sample.skipped > 0 || sample.openBytes > 0);
  const [first] = hit;
  if (policy !== 'skip' || first === undefined) return undefined;
  const density = recordsPerByte(sampled);
  const skipped = hit.reduce((sum, { file, sample }) => sum + skippedOf(sample, perByteOf(file.path, density)), 0);
  const kept = read.reduce((sum, { sample }) => sum + sample.read - sample.skipped, 0);
  const all = Math.max(kept + skipped, Number(records.estimated ?? 0));
  const percent = (skipped * 100) / all;
  const told = `${hit.length} of the ${read.length} files of the sample hold what can't be read, about ${skipped} records of ${all}: ${first.sample.firstSkipped ?? first.file.path}`;
  if (percent <= limitPercent) return told;
  return new JobError(
    'skip-limit',
    `${told}. That alone is ${percent.toFixed(3)} per cent, more than badData.limitPercent (${limitPercent}).`,
    { skipped, all },
  );
}

function skippedOf({ skipped, openBytes }: { skipped: number; openBytes: number }, perByte: number): number {
  return skipped + (openBytes === 0 ? 0 : Math.max(1, Math.round(openBytes * perByte)));
}
