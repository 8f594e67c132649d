import type { StepMetrics } from '../step/metrics.ts';
import type { AcceptedPartition } from './decision/accept-ranges.ts';
import { ARCHIVE_GAUGES } from './gauges.ts';
import type { RunPlan } from './plan/plan-file.ts';

/** Topics with gauges of their own, by name; the lag of all others is one. More would be the monitoring's burden. */
export const MOST_TOPICS = 1000;

/** Stands for the topics that have no gauges of their own; no topic has such a name. */
const OTHERS = '(others)';

type Gauges = Pick<StepMetrics, 'gauge'>;

/** Tells what is behind when a run is planned; a topic without anything is complete up to here. */
export function tellPlanned(metrics: Gauges, plan: RunPlan): void {
  const lags = new Map<string, bigint>();
  for (const { topic, start, stable } of plan.partitions) add(lags, topic, BigInt(stable) - BigInt(start));
  tell(metrics, plan, lags, new Map());
}

/** Tells what a decision leaves behind, and how new what it archived is. */
export function tellDecided(metrics: Gauges, plan: RunPlan, accepted: readonly AcceptedPartition[]): void {
  const lags = new Map<string, bigint>();
  const newest = new Map<string, number>();
  for (const { partition, next, ranges } of accepted) {
    add(lags, partition.topic, BigInt(partition.stable) - next);
    for (const { topic, lastTime = 0 } of ranges) newest.set(topic, Math.max(newest.get(topic) ?? 0, lastTime));
  }
  tell(metrics, plan, lags, newest);
}

function tell(
  metrics: Gauges,
  { head, problems }: RunPlan,
  lags: ReadonlyMap<string, bigint>,
  newest: ReadonlyMap<string, number>,
): void {
  // Of a topic that can't be asked nobody knows how far it is behind.
  const unknown = new Set(problems.map(({ topic }) => topic));
  let others = 0n;
  for (const [place, topic] of [...lags.keys()].toSorted().entries()) {
    const lag = lags.get(topic)!;
    if (place >= MOST_TOPICS) {
      others += lag;
      continue;
    }
    const last = newest.get(topic) ?? 0;
    metrics.gauge(ARCHIVE_GAUGES.rewind_archive_lag, Number(lag), { topic });
    if (last > 0) metrics.gauge(ARCHIVE_GAUGES.rewind_archive_newest, last / 1000, { topic });
    const complete = lag > 0n ? Math.min(last, head.plannedAt) : head.plannedAt;
    if (complete > 0 && !unknown.has(topic))
      metrics.gauge(ARCHIVE_GAUGES.rewind_archive_complete, complete / 1000, { topic });
  }
  if (lags.size > MOST_TOPICS) metrics.gauge(ARCHIVE_GAUGES.rewind_archive_lag, Number(others), { topic: OTHERS });
}

function add(lags: Map<string, bigint>, topic: string, lag: bigint): void {
  lags.set(topic, (lags.get(topic) ?? 0n) + (lag > 0n ? lag : 0n));
}
