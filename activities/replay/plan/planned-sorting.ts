import type { SortChoice } from '../windows/choose-windows.ts';
import type { PlannedSorting } from './replay-plan.ts';

/** How a job of so many bytes would be sorted. `choice`: of one that may have windows. */
export function plannedSorting(choice: SortChoice | undefined, inputBytes: bigint): PlannedSorting {
  const { windows, why, largest, fitting } = choice ?? {};
  if (windows === undefined)
    return {
      by: 'whole',
      why,
      windows: 0,
      direct: 0,
      largestBytes: '0',
      largestMemory: '0',
      firstAfterBytes: inputBytes.toString(),
    };
  return {
    by: 'windows',
    why: undefined,
    windows: windows.length,
    direct: fitting ?? 0,
    largestBytes: String(largest?.bytes ?? 0),
    largestMemory: String(largest?.memory ?? 0),
    firstAfterBytes: String(windows[0]?.bytes ?? 0),
  };
}
