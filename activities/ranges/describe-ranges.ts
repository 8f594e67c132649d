import type { Dependencies } from '../dependencies.ts';
import type { ValidateJobInput } from '../replay/steps.ts';
import type { StepContext } from '../step/run-step.ts';
import type { PlanPlace } from './job/ranges-input.ts';
import { makePlan } from './plan/make-plan.ts';
import { rangeOwner } from './plan/range-id.ts';
import type { PartitionOutlook, RangesOutlook } from './plan/ranges-outlook.ts';
import { RangesFiles } from './ranges-files.ts';
import { jobOf } from './validate-ranges.ts';

/** Partitions in one answer: a payload stays small, however many there are, and however long their names. */
const AT_ONCE = 40;

const LISTED = 20;

/** Tells what a job would do; writes nothing anywhere. */
export function describeRanges(deps: Dependencies) {
  return async (input: ValidateJobInput, context: StepContext): Promise<RangesOutlook> => {
    const { parsed, job } = await jobOf(deps, input, context);
    const { all, after } = typeof parsed.plan === 'object' ? parsed.plan : { all: false };
    const store = deps.hdfs(job.connections.hdfs);
    const begun = await new RangesFiles(store, job.staging, job.id).readBeginning(context.signal);
    const { plan, problems } = await makePlan(deps, job, all, context);
    const sum = (values: readonly bigint[]): string => String(values.reduce((one, other) => one + other, 0n));
    // From a place, and not from a number on: what is read may have become more or less since the answer before.
    const read = plan.partitions.filter((of) => of.ranges > 0 && (after === undefined || isBehind(of, after)));
    const shown = read.slice(0, AT_ONCE);
    const last = shown.at(-1);
    return {
      plan: true,
      all,
      ready: problems.length === 0,
      unfinished: begun?.job.id,
      topics: new Set(plan.partitions.map(({ topic }) => topic)).size,
      ranges: plan.ranges.length,
      offsets: sum(plan.ranges.map(({ from, to }) => BigInt(to) - BigInt(from))),
      bytes: sum(plan.ranges.map(({ bytes }) => BigInt(Math.round(bytes)))),
      partitions: shown.map((partition): PartitionOutlook => {
        const of = job.inputs[partition.input]!;
        const { topic, partition: number, from, to, stable, perRange, ranges, missing, topicId } = partition;
        return {
          topic,
          partition: number,
          group: of.group,
          function: of.function,
          consumed: partition[job.offsets.from],
          from,
          to,
          stable,
          perRange,
          ranges,
          owner: rangeOwner(topicId, of),
          missing,
        };
      }),
      ...(last !== undefined &&
        read.length > AT_ONCE && { next: { input: last.input, topic: last.topic, partition: last.partition } }),
      problems: problems.slice(0, LISTED),
      moreProblems: Math.max(0, problems.length - LISTED),
      remarks: [...plan.head.remarks],
    };
  };
}

/** In the order in which partitions are planned. */
function isBehind(one: PlanPlace, other: PlanPlace): boolean {
  if (one.input !== other.input) return one.input > other.input;
  return one.topic === other.topic ? one.partition > other.partition : one.topic > other.topic;
}
