import type { Dependencies } from '../dependencies.ts';
import { activityOf } from '../step/run-step.ts';
import { boundTopics } from './bound-topics.ts';
import { cleanVerify } from './clean-verify.ts';
import { narrowingBytes } from './narrow-verify.ts';
import { planVerify } from './plan-verify.ts';
import { reconcileVerify } from './reconcile-verify.ts';
import { reportVerify } from './report-verify.ts';
import { runTally } from './threads/run-tally.ts';
import { validateVerify } from './validate-verify.ts';
import type { VerifyActivities } from './verify-activities.ts';

/** The steps of a job of `verify` as Temporal activities, over a worker's connections. */
export function createVerifyActivities(deps: Dependencies): VerifyActivities {
  const narrow = runTally('narrowVerify', deps, narrowingBytes(deps));
  return {
    validateVerify: activityOf(validateVerify(deps)),
    planVerify: activityOf(planVerify(deps)),
    tallyTopic: activityOf(runTally('tallyTopic', deps)),
    boundTopics: activityOf(boundTopics(deps)),
    tallyArchive: activityOf(runTally('tallyArchive', deps)),
    reconcileVerify: activityOf(reconcileVerify(deps)),
    narrowVerify: activityOf(async (input, context) => void (await narrow(input, context))),
    reportVerify: activityOf(reportVerify(deps)),
    cleanVerify: activityOf(cleanVerify(deps)),
  };
}
