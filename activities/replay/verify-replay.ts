import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Dependencies } from '../dependencies.ts';
import { REPLAY_COUNTERS } from './counters.ts';
import { JobError } from '../step/job-error.ts';
import { publisherOptions, publisherScope } from './publish/publish-position.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { assertUntrimmed, settlePosition } from './publish/settle-position.ts';
import type { StepContext } from '../step/run-step.ts';
import { settleTransactions } from './settled-publisher.ts';
import { Staging } from './staging.ts';
import { LISTED_PARTITIONS, type ReplayedPartition, type VerifiedReplay, type VerifyInput } from './steps.ts';

/**
 * The last look before offsets are committed: the replay topic is still there from its first record to its last, the
 * position is that of the whole sequence, and each partition's log is as long as its records and markers make it.
 * Where it is longer, interrupted transactions left records that read_uncommitted consumers see: they are counted.
 */
export function verifyReplay(deps: Dependencies) {
  return async (
    { job, listing, claim, catalogue }: VerifyInput,
    { signal, progress, metrics }: StepContext,
  ): Promise<VerifiedReplay> => {
    const kafka = deps.kafka(job.connections.kafka);
    const store = deps.hdfs(job.connections.hdfs);
    await assertUntrimmed(kafka, job);
    // The workflow was told that all is out.
    await settleTransactions(kafka, publisherOptions(job), publisherScope(job), 'commit');
    const position = await settlePosition(kafka, job, listing.fingerprint);
    if (position.published !== BigInt(catalogue.records))
      throw new JobError(
        'replay-topic-changed',
        `The replay topic ${claim.topic} holds ${position.published} records of the sequence, expected ${catalogue.records}. Replay into a new topic.`,
      );
    // Level 0 lists every split's file whole, whatever was merged later.
    const files = await readCatalogue(store, new Staging(store, job.staging), 0, listing.fingerprint, signal);
    const expected = Array.from({ length: claim.partitions }, () => 0n);
    for (const file of files)
      file.partitionRecords.forEach(
        (records, partition) => (expected[partition] = (expected[partition] ?? 0n) + BigInt(records)),
      );
    const last = await kafka.lastCommittedRecords(claim.topic);
    const ends = await logEnds(kafka, claim.topic);
    const partitions: ReplayedPartition[] = [];
    for (const [partition, records] of expected.entries()) {
      const markers = position.transactions?.[partition];
      const undisturbed = markers !== undefined && ends[partition] === records + BigInt(markers);
      const aborted = undisturbed
        ? { count: 0n, ranges: [] }
        : await kafka.abortedRecords(claim.topic, partition, 0n, ends[partition] ?? 0n);
      partitions.push({
        partition,
        records: records.toString(),
        firstOffset:
          records === 0n
            ? undefined
            : ((await firstOffset(kafka, claim.topic, partition, undisturbed)) ?? 0n).toString(),
        lastOffset: last[partition]?.offset.toString(),
        aborted: aborted.count.toString(),
        abortedRanges: aborted.ranges.map(({ from, to }) => ({ from: from.toString(), to: to.toString() })),
      });
      progress({ verified: partition + 1, of: expected.length });
    }
    const aborted = partitions.reduce((sum, partition) => sum + Number(partition.aborted), 0);
    metrics.count(REPLAY_COUNTERS.rewind_records_aborted, aborted);
    const notable = [...partitions].sort((a, b) => Number(b.aborted !== '0') - Number(a.aborted !== '0'));
    const listed = notable.slice(0, LISTED_PARTITIONS).sort((a, b) => a.partition - b.partition);
    return { partitions: listed, morePartitions: partitions.length - listed.length };
  };
}

async function logEnds(kafka: KafkaConnection, topic: string): Promise<bigint[]> {
  const description = await kafka.describeTopic(topic);
  return description?.partitions.map(({ latest }) => latest) ?? [];
}

/** Without interrupted transactions the log begins with the first record. */
async function firstOffset(
  kafka: KafkaConnection,
  topic: string,
  partition: number,
  undisturbed: boolean,
): Promise<bigint | undefined> {
  return undisturbed ? 0n : kafka.firstCommittedOffset(topic, partition);
}
