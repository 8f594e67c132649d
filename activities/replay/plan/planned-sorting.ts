import type { SortChoice } from '../windows/choose-windows.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { whyWhole } from '../windows/may-have-windows.ts';
import type { PlannedSorting } from './replay-plan.ts';

/** How a job of so many bytes would be sorted, and why so. `choice`: of one that may have windows. */
export function plannedSorting(job: ReplayJob, choice: SortChoice | undefined, inputBytes: bigint): PlannedSorting {
  const { windows, why, largest, fitting } = choice ?? {};
  if (windows === undefined)
    return {
      by: 'whole',
      why: why ?? whyWhole(job),
      windows: 0,
      direct: 0,
      largestBytes: '0',
      largestMemory: '0',
      firstAfterBytes: inputBytes.toString(),
    };
  return {
    by: 'windows',
    why: whyWindows(job),
    windows: windows.length,
    direct: fitting ?? 0,
    largestBytes: String(largest?.bytes ?? 0),
    largestMemory: String(largest?.memory ?? 0),
    firstAfterBytes: String(windows[0]?.bytes ?? 0),
  };
}

function whyWindows({ sort, order }: ReplayJob): string {
  if (sort === 'windows') return 'the job asks for it (sort "windows")';
  if (order === 'time') return 'names tell the times of their files, and the sampled records have these';
  return order === 'file'
    ? 'the place of files sorts the records'
    : 'the first records of all files tell their offsets';
}
