import { catalogueSorted } from './catalogue-sorted.ts';
import { catalogueWindow } from './catalogue-window.ts';
import { claimReplayTopic } from './claim-replay-topic.ts';
import { cleanStaging } from './clean-staging.ts';
import { commitOffsets } from './commit-offsets.ts';
import { decodeSplit } from './decode-split.ts';
import type { Dependencies } from '../dependencies.ts';
import { listFiles } from './list-files.ts';
import { mergePass } from './merge-pass.ts';
import { mergePublish } from './merge-publish.ts';
import { ownedStep } from './owned-step.ts';
import { planReplay } from './plan-replay.ts';
import { publishWindows } from './publish-windows.ts';
import { readOffsets } from './read-offsets.ts';
import { removeStaging } from './remove-staging.ts';
import type { ReplayActivities } from './replay-activities.ts';
import { activityOf, type StepContext } from '../step/run-step.ts';
import type { StepInput } from './steps.ts';
import { validateJob } from './validate-job.ts';
import { WindowShelf } from './windows/window-shelf.ts';
import { verifyReplay } from './verify-replay.ts';

/** The steps of a replay as Temporal activities, over a worker's connections. */
export function createReplayActivities(deps: Dependencies): ReplayActivities {
  const owned = <I extends StepInput, O>(
    step: (input: I, context: StepContext) => Promise<O>,
  ): ((input: I) => Promise<O>) => activityOf(ownedStep(deps, step));
  const shelf = new WindowShelf(deps.budget);
  return {
    validateJob: activityOf(validateJob(deps)),
    planReplay: activityOf(planReplay(deps)),
    readOffsets: owned(readOffsets(deps)),
    listFiles: owned(listFiles(deps)),
    claimReplayTopic: owned(claimReplayTopic(deps)),
    decodeAndSort: owned(decodeSplit(deps)),
    catalogueSorted: owned(catalogueSorted(deps)),
    mergePass: owned(mergePass(deps)),
    mergePublish: owned(mergePublish(deps)),
    publishWindows: owned(publishWindows(deps, shelf)),
    stageSplit: owned(decodeSplit(deps)),
    catalogueWindow: owned(catalogueWindow(deps)),
    mergeWindowPass: owned(mergePass(deps)),
    publishStaged: owned(mergePublish(deps)),
    verifyReplay: owned(verifyReplay(deps)),
    commitOffsets: owned(commitOffsets(deps)),
    cleanStaging: owned(cleanStaging(deps)),
    removeStaging: activityOf(removeStaging(deps)),
  };
}
