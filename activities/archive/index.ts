import type { Dependencies } from '../dependencies.ts';
import { activityOf } from '../step/run-step.ts';
import type { ArchiveActivities } from './archive-activities.ts';
import { auditArchive } from './audit-archive.ts';
import { decideArchive } from './decide-archive.ts';
import { describeArchive } from './describe-archive.ts';
import { discardArchive } from './discard-archive.ts';
import { placeArchive } from './place-archive.ts';
import { planArchive } from './plan-archive.ts';
import { pullArchive } from './pull-archive.ts';
import { recoverArchive } from './recover-archive.ts';
import { tidyArchive } from './tidy-archive.ts';
import { validateArchive } from './validate-archive.ts';

/** The steps of an archive as Temporal activities, over a worker's connections. */
export function createArchiveActivities(deps: Dependencies): ArchiveActivities {
  return {
    validateArchive: activityOf(validateArchive(deps)),
    describeArchive: activityOf(describeArchive(deps)),
    recoverArchive: activityOf(recoverArchive(deps)),
    planArchive: activityOf(planArchive(deps)),
    pullArchive: activityOf(pullArchive(deps)),
    decideArchive: activityOf(decideArchive(deps)),
    placeArchive: activityOf(placeArchive(deps)),
    auditArchive: activityOf(auditArchive(deps)),
    tidyArchive: activityOf(tidyArchive(deps)),
    discardArchive: activityOf(discardArchive(deps)),
  };
}
