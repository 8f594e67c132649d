import type { Dependencies } from '../dependencies.ts';
import { eachAtOnce } from '../step/each-at-once.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseStaged } from '../step/staged-json.ts';
import { countRanges, rangeAt } from './plan/ranges-of.ts';
import type { TargetInput } from './steps.ts';
import { boundsShape, topicTally } from './tally/tally-files.ts';
import { requirePlan, requireStaged, targetOf } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/**
 * Puts down from which offset on each partition is compared: where a log was trimmed while it was read, what was there
 * no more is not missing in it.
 */
export function boundTopics(deps: Dependencies) {
  return async ({ job, target }: TargetInput, { signal, progress }: StepContext): Promise<void> => {
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    if ((await files.readSmall(files.bounds(target), signal)) !== undefined) return;
    const plan = targetOf(await requirePlan(store, job, signal), target);
    const from = new Map(plan.partitions.map((each) => [each.partition, BigInt(each.from)]));
    let looked = 0;
    await eachAtOnce(Array(countRanges(plan)).keys(), 8, async (number) => {
      const path = files.topicTally(target, number);
      const tally = parseStaged(path, topicTally, await requireStaged(files, path, signal));
      const planned = rangeAt(plan, number);
      const read = BigInt(tally.from);
      if (read > BigInt(planned.from) && read > (from.get(planned.partition) ?? 0n)) from.set(planned.partition, read);
      progress({ looked: (looked += 1) });
    });
    const bounds = { from: [...from].map(([partition, offset]) => [partition, String(offset)]) };
    await files.putSmall(files.bounds(target), Buffer.from(JSON.stringify(bounds)), signal);
  };
}

export async function readBounds(
  files: VerifyFiles,
  target: TargetInput['target'],
  signal: AbortSignal,
): Promise<Map<number, bigint>> {
  const path = files.bounds(target);
  const { from } = parseStaged(path, boundsShape, await requireStaged(files, path, signal));
  return new Map(from.map(([partition, offset]) => [partition, BigInt(offset)]));
}
