import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import { commitGroups } from './groups/commit-groups.ts';
import { assertCommittable, commitToKafka } from './offsets/commit-to-kafka.ts';
import { commitToZooKeeper } from './offsets/commit-to-zookeeper.ts';
import { compareWithLive } from './offsets/live-range.ts';
import { offsetsOfRecords } from './offsets/offsets-of-records.ts';
import { readPins } from './read-offsets.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import type { StepContext } from '../step/run-step.ts';
import { LISTED_PARTITIONS, type CommitInput, type CommittedOffsets } from './steps.ts';

/**
 * Commits the pinned offsets for the consumer group, in ZooKeeper and/or Kafka: the hand-over to the live topic. A
 * retry recognises what an earlier attempt committed.
 */
export function commitOffsets(deps: Dependencies) {
  return async (input: CommitInput, context: StepContext): Promise<CommittedOffsets> => {
    const { job, partial } = input;
    const result = await commitPinned(deps, input, context);
    if (job.groups === undefined) return result;
    if (partial !== undefined && !job.offsets.evenIfPartial) {
      const why = `no offsets of groups were translated, since ${partial}; set offsets.evenIfPartial to commit them all the same`;
      return { ...result, remarks: [...result.remarks, why] };
    }
    const { groups, remarks } = await commitGroups(deps, job, context);
    return { ...result, groups, remarks: [...result.remarks, ...remarks] };
  };
}

/** The group that goes on with the live topic. */
async function commitPinned(
  deps: Dependencies,
  { job, listing, partial }: CommitInput,
  { signal }: StepContext,
): Promise<CommittedOffsets> {
  const { group } = job.offsets;
  const store = deps.hdfs(job.connections.hdfs);
  const pins =
    (await readPins(store, job, signal)) ?? (await offsetsOfRecords(store, job, listing?.fingerprint, signal));
  const result: CommittedOffsets = { zookeeper: 'none', kafka: 'none', group, offsets: [], remarks: [] };
  if (group === undefined) return result;
  if (pins === undefined)
    throw new JobError(
      'offsets-missing',
      `There are no offsets to commit for group ${group}: the job has no history, and its records tell none.`,
    );
  const kafka = deps.kafka(job.connections.kafka);
  const withheld = partial !== undefined && !job.offsets.evenIfPartial;
  // Offsets that are not committed can't leave a gap.
  const live = await compareWithLive(kafka, job, pins, withheld ? { onlyReport: true } : {});
  result.offsets = live.offsets.slice(0, LISTED_PARTITIONS);
  if (live.offsets.length > LISTED_PARTITIONS)
    result.remarks.push(`offsets of ${live.offsets.length - LISTED_PARTITIONS} more partitions are not listed here`);
  result.remarks.push(...boundedRemarks(live.remarks));
  if (withheld) {
    result.remarks.push(
      `no offsets were committed for group ${group}, since ${partial}; set offsets.evenIfPartial to commit them all the same`,
    );
    if (job.offsets.zookeeper) result.zookeeper = 'withheld';
    if (job.offsets.kafka) result.kafka = 'withheld';
    return result;
  }
  // First, so that a group in the way in Kafka is found before anything is written to ZooKeeper.
  if (job.offsets.kafka) await assertCommittable(kafka, job, group, pins);
  if (job.offsets.zookeeper) {
    const nodes = await deps.zookeeper(job.connections.zookeeper);
    const { status, remarks } = await commitToZooKeeper(nodes, job, group, pins);
    result.zookeeper = status;
    result.remarks.push(...remarks);
  }
  signal.throwIfAborted();
  if (job.offsets.kafka) {
    const { status, remarks } = await commitToKafka(kafka, job, group, pins);
    result.kafka = status;
    result.remarks.push(...remarks);
  }
  return result;
}
