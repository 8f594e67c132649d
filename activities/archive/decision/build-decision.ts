import { REWIND_JSON } from '../../../layouts/execution-account.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { RunPlan } from '../plan/plan-file.ts';
import type { AcceptedPartition } from './accept-ranges.ts';
import { badIn } from '../../log/left-reasons.ts';
import { completeTo } from './complete-to.ts';
import { decidedCounts } from './decided-counts.ts';
import type { DecidedPartition, Decision } from './decision.ts';
import { PassedGaps } from '../pull/passed-gaps.ts';
import type { PulledError, PulledRange } from '../pull/pull-report.ts';
import type { PulledRun } from './read-reports.ts';

/** Errors that are written beside the offsets: each moves no offset, so that more need not be kept. */
const MOST_ERRORS = 100_000;

/** The decision of a run, from what its pulls left and what of it is accepted. */
export function buildDecision(
  job: ArchiveJob,
  { head }: RunPlan,
  accepted: readonly AcceptedPartition[],
  pulled: PulledRun,
  now: number,
): Decision {
  const spans = new Map(
    accepted.map(({ partition: { topic, partition, start }, next }) => [
      `${topic}-${partition}`,
      { start: BigInt(start), next },
    ]),
  );
  const counts = (topic: string, partition: number, offset: string): boolean => {
    const span = spans.get(`${topic}-${partition}`);
    return span !== undefined && BigInt(offset) >= span.start && BigInt(offset) < span.next;
  };
  return {
    head: {
      kind: 'head',
      version: 1,
      job: job.id,
      staging: job.staging,
      dest: job.dest,
      history: job.history,
      exec: job.exec,
      ...(head.predecessor !== undefined && { predecessor: head.predecessor }),
      execution: head.execution,
      decidedAt: now,
      ...(job.audit?.post !== undefined && { post: job.audit.post }),
    },
    files: pulled.files
      .filter(({ topic, partition, first }) => counts(topic, partition, first))
      .map(({ path, target, length, topic, partition, records, first, next, apart }) => ({
        kind: 'file',
        from: path,
        to: target,
        length,
        topic,
        partition,
        records,
        first,
        next,
        ...(apart && { apart }),
      })),
    partitions: accepted.map((each) => decidedPartition(each, completeTo(each, head.plannedAt))),
    errors: listed(
      pulled.errors.filter(({ topic, partition, offset }) => counts(topic, partition, offset)),
      accepted,
    ),
    counts: decidedCounts(accepted, pulled.counts),
    problems: problemsOf(accepted),
  };
}

/** As many errors as are kept, the last of which says how many are not. A line may stand for many bad records. */
function listed(errors: readonly PulledError[], accepted: readonly AcceptedPartition[]): PulledError[] {
  if (errors.length <= MOST_ERRORS) return [...errors];
  const kept = errors.slice(0, MOST_ERRORS);
  const [last] = kept.splice(-1) as [PulledError];
  const more = errors.length - kept.length;
  const bad = accepted.flatMap(({ ranges }) => ranges).reduce((sum, { left }) => sum + badIn(left), 0);
  const message = `${more} more lines of errors are left out: the ${bad} bad records of this run are counted by their reasons in ${REWIND_JSON}`;
  return [...kept, { ...last, message }];
}

/** One message for each topic that ended early because something is wrong with it; limits are no problem. */
function problemsOf(accepted: readonly AcceptedPartition[]): Decision['problems'] {
  const byTopic = new Map<string, string>();
  for (const { partition, problem } of accepted)
    if (problem !== undefined && !byTopic.has(partition.topic)) byTopic.set(partition.topic, problem);
  return [...byTopic].map(([topic, message]) => ({ topic, message }));
}

function decidedPartition(
  { partition: planned, next, ranges }: AcceptedPartition,
  complete: number | undefined,
): DecidedPartition {
  const { topic, partition, leader, leaderAddress, latest, topicId, leaderEpoch, start, missing } = planned;
  const records = ranges.reduce((sum, range) => sum + range.records, 0);
  const bytes = ranges.reduce((sum, range) => sum + range.bytes, 0);
  const messageSize = records > 0 ? Math.round(bytes / records) : planned.messageSize;
  const left = summed(ranges.map((range) => range.left));
  const untold = summed(ranges.map((range) => range.untold ?? {}));
  return {
    kind: 'partition',
    topic,
    partition,
    leader,
    ...(leaderAddress !== undefined && { leaderAddress, latest }),
    start,
    next: String(next),
    records,
    missing: [...missing, ...passedIn(ranges)],
    left,
    ...(complete !== undefined && { complete }),
    ...(Object.keys(untold).length > 0 && { untold }),
    ...(messageSize !== undefined && { messageSize }),
    ...(topicId !== undefined && { topicId }),
    ...(leaderEpoch !== undefined && { leaderEpoch }),
  };
}

/** What ranges found deleted; ranges that follow each other may have gone as a whole. */
function passedIn(ranges: readonly PulledRange[]): DecidedPartition['missing'] {
  const passed = new PassedGaps();
  for (const { missing = [] } of ranges) for (const { from, to } of missing) passed.add(BigInt(from), BigInt(to));
  return passed.list;
}

/** Counts by name, added up. */
function summed(all: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
