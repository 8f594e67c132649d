import type { Dependencies } from '../dependencies.ts';
import { decodeAndSort } from './decode-and-sort.ts';
import type { StepContext } from '../step/run-step.ts';
import type { DecodedSplit, DecodeInput } from './steps.ts';
import { tellingWhatIsOut } from './windows/what-is-out.ts';

/** `decodeAndSort`; what it ends a job for that may have published windows is told with what is out by then. */
export function decodeSplit(deps: Dependencies) {
  const decode = decodeAndSort(deps);
  return (input: DecodeInput, context: StepContext): Promise<DecodedSplit> =>
    input.window === undefined && input.listing.afterWindows !== true
      ? decode(input, context)
      : tellingWhatIsOut(deps, input.job, () => decode(input, context));
}
