import { completeByTopic, completeTo } from './decision/complete-to.ts';
import type { DecidedPartition } from './decision/decision.ts';
import type { RunPlan } from './plan/plan-file.ts';
import type { TopicLag } from './steps.ts';

/** Topics that a workflow knows by name: those that are furthest behind. */
const MOST_TOPICS = 10;

/**
 * The topics that are furthest behind when a run is planned.
 *
 * @param before - time up to which each topic was complete by then, as the newest execution says
 */
export function plannedLags({ head, partitions }: RunPlan, before: ReadonlyMap<string, number>): TopicLag[] {
  const begun = partitions.map((partition) => ({ partition, next: BigInt(partition.start), ranges: [] }));
  const complete = completeByTopic(
    begun.map((each) => ({ topic: each.partition.topic, complete: completeTo(each, head.plannedAt) })),
  );
  return furthest(
    begun.map(({ partition: { topic, stable }, next }) => ({ topic, lag: BigInt(stable) - next })),
    new Map([...before, ...complete]),
  );
}

/** The topics that a decision leaves furthest behind. */
export function decidedLags(
  partitions: readonly DecidedPartition[],
  stableOf: (of: DecidedPartition) => string,
): TopicLag[] {
  return furthest(
    partitions.map((each) => ({ topic: each.topic, lag: BigInt(stableOf(each)) - BigInt(each.next) })),
    completeByTopic(partitions),
  );
}

function furthest(
  partitions: readonly { topic: string; lag: bigint }[],
  complete: ReadonlyMap<string, number>,
): TopicLag[] {
  const lags = new Map<string, bigint>();
  for (const { topic, lag } of partitions) lags.set(topic, (lags.get(topic) ?? 0n) + (lag > 0n ? lag : 0n));
  return [...lags]
    .sort(([a, first], [b, second]) => (first === second ? (a < b ? -1 : 1) : first > second ? -1 : 1))
    .slice(0, MOST_TOPICS)
    .map(([topic, lag]) => {
      const until = complete.get(topic);
      return { topic, lag: String(lag), ...(until !== undefined && { complete: until }) };
    });
}
