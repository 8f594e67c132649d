import type { StepMetrics } from '../step/metrics.ts';
import type { AcceptedPartition } from './decision/accept-ranges.ts';
import { completeByTopic, completeTo } from './decision/complete-to.ts';
import { ARCHIVE_GAUGES } from './gauges.ts';
import type { RunPlan } from './plan/plan-file.ts';

/** Topics with gauges of their own, by name; the lag of all others is one. More would be the monitoring's burden. */
export const MOST_TOPICS = 1000;

/** Stands for the topics that have no gauges of their own; no topic has such a name. */
const OTHERS = '(others)';

type Gauges = Pick<StepMetrics, 'gauge'>;

/** Tells what is behind when a run is planned; a topic without anything is complete up to here. */
export function tellPlanned(metrics: Gauges, plan: RunPlan): void {
  const begun = plan.partitions.map((partition) => ({ partition, next: BigInt(partition.start), ranges: [] }));
  tell(metrics, plan, begun);
}

/** Tells what a decision leaves behind, and how new what it archived is. */
export function tellDecided(metrics: Gauges, plan: RunPlan, accepted: readonly AcceptedPartition[]): void {
  tell(metrics, plan, accepted);
}

type Reached = Pick<AcceptedPartition, 'partition' | 'next' | 'ranges'>;

function tell(metrics: Gauges, { head, problems }: RunPlan, reached: readonly Reached[]): void {
  // Of a topic that can't be asked nobody knows how far it is behind.
  const unknown = new Set(problems.map(({ topic }) => topic));
  const topics = byTopic(reached);
  const completes = completeByTopic(
    reached.map((each) => ({ topic: each.partition.topic, complete: completeTo(each, head.plannedAt) })),
  );
  let others = 0n;
  for (const [place, topic] of [...topics.keys()].toSorted().entries()) {
    const partitions = topics.get(topic)!;
    const lag = partitions.reduce((sum, { partition, next }) => sum + behind(BigInt(partition.stable) - next), 0n);
    if (place >= MOST_TOPICS) {
      others += lag;
      continue;
    }
    metrics.gauge(ARCHIVE_GAUGES.rewind_archive_lag, Number(lag), { topic });
    const newest = newestTime(partitions);
    if (newest > 0) metrics.gauge(ARCHIVE_GAUGES.rewind_archive_newest, newest / 1000, { topic });
    const complete = completes.get(topic);
    if (complete !== undefined && complete > 0 && !unknown.has(topic))
      metrics.gauge(ARCHIVE_GAUGES.rewind_archive_complete, complete / 1000, { topic });
  }
  if (topics.size > MOST_TOPICS) metrics.gauge(ARCHIVE_GAUGES.rewind_archive_lag, Number(others), { topic: OTHERS });
}

// Node 20 has no Map.groupBy.
function byTopic(reached: readonly Reached[]): Map<string, Reached[]> {
  const topics = new Map<string, Reached[]>();
  for (const each of reached) {
    const { topic } = each.partition;
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, [each]);
    else known.push(each);
  }
  return topics;
}

function newestTime(partitions: readonly Reached[]): number {
  let newest = 0;
  for (const { ranges } of partitions) for (const { lastTime = 0 } of ranges) newest = Math.max(newest, lastTime);
  return newest;
}

function behind(lag: bigint): bigint {
  return lag > 0n ? lag : 0n;
}
