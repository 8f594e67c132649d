import { catalogueSorted } from './catalogue-sorted.ts';
import { claimReplayTopic } from './claim-replay-topic.ts';
import { cleanStaging } from './clean-staging.ts';
import { commitOffsets } from './commit-offsets.ts';
import { decodeAndSort } from './decode-and-sort.ts';
import type { Dependencies } from '../dependencies.ts';
import { listFiles } from './list-files.ts';
import { mergePass } from './merge-pass.ts';
import { mergePublish } from './merge-publish.ts';
import { planReplay } from './plan-replay.ts';
import { readOffsets } from './read-offsets.ts';
import { removeStaging } from './remove-staging.ts';
import type { ReplayActivities } from './replay-activities.ts';
import { activityOf } from '../step/run-step.ts';
import { validateJob } from './validate-job.ts';
import { verifyReplay } from './verify-replay.ts';

/** The steps of a replay as Temporal activities, over a worker's connections. */
export function createReplayActivities(deps: Dependencies): ReplayActivities {
  return {
    validateJob: activityOf(validateJob(deps)),
    planReplay: activityOf(planReplay(deps)),
    readOffsets: activityOf(readOffsets(deps)),
    listFiles: activityOf(listFiles(deps)),
    claimReplayTopic: activityOf(claimReplayTopic(deps)),
    decodeAndSort: activityOf(decodeAndSort(deps)),
    catalogueSorted: activityOf(catalogueSorted(deps)),
    mergePass: activityOf(mergePass(deps)),
    mergePublish: activityOf(mergePublish(deps)),
    verifyReplay: activityOf(verifyReplay(deps)),
    commitOffsets: activityOf(commitOffsets(deps)),
    cleanStaging: activityOf(cleanStaging(deps)),
    removeStaging: activityOf(removeStaging(deps)),
  };
}
