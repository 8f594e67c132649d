import type { RangesOutlook } from '../activities/ranges/plan/ranges-outlook.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/**
 * The answer of a worker to a plan of ranges, if it is of a release that says where it goes on: one of an older worker would
 * be taken for the last, and its other partitions would be missing from the plan.
 *
 * @throws CommandError for an older worker's
 */
export function planAnswer(answer: object): RangesOutlook {
  if ('all' in answer && !('pages' in answer)) return answer as RangesOutlook;
  throw new CommandError(
    EXIT.failed,
    'A worker of an older release has answered, and its answer may not list all partitions.',
    'Upgrade the workers of the task queue, or use the rewind command of their release.',
  );
}
