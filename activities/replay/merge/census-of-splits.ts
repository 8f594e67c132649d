import type { StepContext } from '../../step/run-step.ts';
import { parseStaged } from '../../step/staged-json.ts';
import type { Staging } from '../staging.ts';
import type { FileListing } from '../steps.ts';
import { countsShape } from '../stored-shapes.ts';
import { CensusOfRuns } from './census-of-runs.ts';
import type { Census } from './offset-census.ts';
import type { PartitionRuns } from './offset-runs.ts';

/** Counts that are read at a time. */
const AHEAD = 8;

/**
 * The census by what each split's counts tell of its offsets; undefined where one doesn't (an older release decoded it,
 * or its offsets are in too many pieces), where an offset is there twice, or where they are not `records` in all.
 */
export async function censusOfSplits(
  staging: Staging,
  { splits, fingerprint }: Pick<FileListing, 'splits' | 'fingerprint'>,
  records: number,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<Census | undefined> {
  const census = new CensusOfRuns();
  for (let from = 0; from < splits; from += AHEAD) {
    const numbers = Array.from({ length: Math.min(AHEAD, splits - from) }, (_, index) => from + index);
    for (const offsets of await Promise.all(numbers.map((split) => offsetsOf(staging, split, signal))))
      if (offsets === undefined || !census.add(offsets)) return undefined;
    progress({ counted: from + numbers.length, of: splits });
  }
  const result = census.result(fingerprint);
  return result.partitions.reduce((sum, one) => sum + one.records, 0) === records ? result : undefined;
}

async function offsetsOf(staging: Staging, split: number, signal: AbortSignal): Promise<PartitionRuns[] | undefined> {
  const path = staging.sorted(`split-${split}.json`);
  const bytes = await staging.readSmall(path, signal);
  return bytes === undefined ? undefined : parseStaged(path, countsShape, bytes).offsets;
}
