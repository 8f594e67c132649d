import type { Dependencies } from '../dependencies.ts';
import { activityOf } from '../step/run-step.ts';
import type { DrainActivities } from './drain-activities.ts';
import { lookAtDrain } from './look-at-drain.ts';

/** The step of the workflow `drain` as a Temporal activity, over a worker's connections. */
export function createDrainActivities(deps: Dependencies): DrainActivities {
  return { lookAtDrain: activityOf(lookAtDrain(deps)) };
}
