import type { TopicDescription } from '../../connections/kafka/admin/admin-port.ts';
import type { Dependencies } from '../dependencies.ts';
import { REPLAY_COUNTERS } from './counters.ts';
import { JobError } from '../step/job-error.ts';
import { publisherOptions, publisherScope, type PublishPosition } from './publish/publish-position.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { assertUntrimmed, settlePosition } from './publish/settle-position.ts';
import type { StepContext } from '../step/run-step.ts';
import { settleTransactions } from './settled-publisher.ts';
import { Staging } from './staging.ts';
import type { VerifiedReplay, VerifyInput } from './steps.ts';
import { verifyPartition } from './verify/verify-partition.ts';
import { VerifyProgress } from './verify/verify-progress.ts';

/**
 * The last look before offsets are committed, which believes nobody: it reads the replay topic from its first offset to
 * its last and counts. The committed records of every partition must be as many as the sorted files have for it, and
 * all together as many as the position says; where anything looks disturbed, each record is looked at.
 */
export function verifyReplay(deps: Dependencies) {
  return async (
    { job, listing, claim, catalogue }: VerifyInput,
    { signal, progress, metrics, resumed }: StepContext,
  ): Promise<VerifiedReplay> => {
    const kafka = deps.kafka(job.connections.kafka);
    const store = deps.hdfs(job.connections.hdfs);
    await assertUntrimmed(kafka, job);
    // The workflow was told that all is out.
    await settleTransactions(kafka, publisherOptions(job), publisherScope(job), 'commit');
    const position = await settlePosition(kafka, job, listing.fingerprint);
    const total = BigInt(catalogue.records);
    if (position.published !== total)
      throw new JobError(
        'replay-topic-changed',
        `The replay topic ${claim.topic} holds ${position.published} records of the sequence, expected ${catalogue.records}. Replay into a new topic.`,
      );
    // Level 0 lists every split's file whole, whatever was merged later.
    const files = await readCatalogue(store, new Staging(store, job.staging), 0, listing.fingerprint, signal);
    const expected = expectedRecords(files, claim.partitions, total);
    const topic = await assertUntrimmed(kafka, job);
    if (topic.partitions.length !== claim.partitions)
      throw new JobError(
        'replay-topic-changed',
        `The replay topic ${claim.topic} has ${topic.partitions.length} partitions, expected ${claim.partitions}. Replay into a new topic.`,
      );
    const reached = VerifyProgress.of(resumed, logOf(topic), claim.partitions);
    const reader = kafka.openReader();
    try {
      while (reached.verified < claim.partitions) {
        const partition = reached.verified;
        const wanted = {
          topic: claim.topic,
          topicId: topic.id,
          partition,
          end: topic.partitions[partition]!.latest,
          records: expected[partition]!,
          markers: markersOf(position, partition),
          total,
          ordinals: job.output.headers.ordinal,
        };
        const reading = { reader, signal, progress: (tally: Tally) => progress(reached.reading(tally)) };
        progress(reached.done(await verifyPartition(wanted, reading, reached.at)));
      }
    } finally {
      await reader.close();
    }
    // What was read first may be gone by now.
    await assertUntrimmed(kafka, job, topic.id);
    metrics.count(REPLAY_COUNTERS.rewind_records_aborted, reached.aborted);
    return reached.result();
  };
}

type Tally = Parameters<VerifyProgress['reading']>[0];

/** Records of each partition by the sorted files; they must add up to what was merged and published. */
function expectedRecords(
  files: readonly { partitionRecords: number[] }[],
  partitions: number,
  total: bigint,
): bigint[] {
  const expected = Array.from({ length: partitions }, () => 0n);
  for (const file of files)
    file.partitionRecords.forEach(
      (records, partition) => (expected[partition] = (expected[partition] ?? 0n) + BigInt(records)),
    );
  const sum = expected.reduce((all, records) => all + records, 0n);
  if (sum !== total || expected.length !== partitions)
    throw new JobError(
      'replay-topic-changed',
      `The sorted files hold ${sum} records in ${expected.length} partitions, and ${total} records in ${partitions} partitions were published. Replay into a new topic.`,
      { expected: sum, found: total },
    );
  return expected;
}

/** The topic and the ends of its logs: what an earlier attempt counted holds as long as they are the same. */
function logOf({ id = '', partitions }: TopicDescription): string {
  return `${id} ${partitions.reduce((sum, { latest }) => sum + latest, 0n)}`;
}

function markersOf(position: PublishPosition, partition: number): number | undefined {
  return position.transactions?.[partition];
}
