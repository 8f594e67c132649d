import type { DrainReport } from './drain-report.ts';

/** Steps of the workflow `drain`; their names are in histories. */
export interface DrainActivities {
  lookAtDrain(input: unknown): Promise<DrainReport>;
}
