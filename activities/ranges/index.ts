import type { Dependencies } from '../dependencies.ts';
import { activityOf, type StepContext } from '../step/run-step.ts';
import { cleanRanges } from './clean-ranges.ts';
import { describeRanges } from './describe-ranges.ts';
import { finishRanges } from './finish-ranges.ts';
import { moveOffsets } from './move-offsets.ts';
import { ownedStep } from './owned-step.ts';
import { planRanges } from './plan-ranges.ts';
import type { RangesActivities } from './ranges-activities.ts';
import { runRange } from './run-range.ts';
import type { RangesStepInput } from './steps.ts';
import { validateRanges } from './validate-ranges.ts';

/** The steps of a job of ranges as Temporal activities, over a worker's connections. */
export function createRangesActivities(deps: Dependencies): RangesActivities {
  const owned = <I extends RangesStepInput, O>(
    step: (input: I, context: StepContext) => Promise<O>,
    over?: () => O,
  ): ((input: I) => Promise<O>) => activityOf(ownedStep(deps, step, over));
  return {
    validateRanges: activityOf(validateRanges(deps)),
    describeRanges: activityOf(describeRanges(deps)),
    planRanges: owned(planRanges(deps)),
    runRange: owned(runRange(deps)),
    finishRanges: owned(finishRanges(deps)),
    moveOffsets: owned(moveOffsets(deps)),
    cleanRanges: owned(cleanRanges(deps), () => undefined),
  };
}
