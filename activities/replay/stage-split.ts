import type { Dependencies } from '../dependencies.ts';
import { decodeAndSort } from './decode-and-sort.ts';
import type { StepContext } from '../step/run-step.ts';
import type { DecodedSplit, DecodeInput } from './steps.ts';
import { tellingWhatIsOut } from './windows/what-is-out.ts';

/** `decodeAndSort` for a window that is sorted in staging; what it ends the job for is told with what is out by then. */
export function stageSplit(deps: Dependencies) {
  const decode = decodeAndSort(deps);
  return (input: DecodeInput, context: StepContext): Promise<DecodedSplit> =>
    tellingWhatIsOut(deps, input.job, () => decode(input, context));
}
