import { dateText } from '../decode/describe-stray.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { CatalogueInput } from '../steps.ts';

type Decoded = Pick<CatalogueInput['decoded'], 'read' | 'skipped' | 'outOfRange' | 'filtered' | 'outOfRangeTimes'>;

/** Says of a job that publishes nothing what became of its records. */
export function whyNothing(
  job: ReplayJob,
  { read, skipped, outOfRange = 0, filtered = 0, outOfRangeTimes }: Decoded,
): string {
  if (read === 0) return 'nothing was published: the files hold no record';
  const parts = [
    ...(outOfRange > 0 ? [`${outOfRange} are outside of the time range${timesText(job, outOfRangeTimes)}`] : []),
    ...(filtered > 0 ? [`${filtered} were left out by functions.filter (${job.functions.filter ?? ''})`] : []),
    ...(skipped > 0 ? [`${skipped} were skipped since they can't be read`] : []),
  ];
  return `nothing was published: of ${read} records ${parts.join(', ')}`;
}

/** The range, and the times that were found. */
export function timesText({ from, to }: ReplayJob, found: Decoded['outOfRangeTimes']): string {
  if (found === undefined) return '';
  const range = [from === undefined ? '' : `from ${dateText(from)}`, to === undefined ? '' : `before ${dateText(to)}`];
  return ` (${range.filter((part) => part !== '').join(', ')}); their times are between ${dateText(found.from)} and ${dateText(found.to)}`;
}
