import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { TopicDescription } from '../../connections/kafka/admin/admin-port.ts';
import type { Dependencies } from '../dependencies.ts';
import { REPLAY_COUNTERS } from './counters.ts';
import { JobError } from '../step/job-error.ts';
import type { Census } from './merge/offset-census.ts';
import { readCensus } from './merge/take-census.ts';
import { publisherOptions, publisherScope } from './publish/publish-position.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { assertUntrimmed, whileThere } from './publish/assert-untrimmed.ts';
import { outcomeByLog } from './publish/outcome-by-log.ts';
import { settlePosition } from './publish/settle-position.ts';
import type { StepContext } from '../step/run-step.ts';
import { settleTransactions, type Outcome } from '../step/settled-publisher.ts';
import { Staging } from './staging.ts';
import type { FileListing, VerifiedReplay, VerifyInput } from './steps.ts';
import { verifyPartition, type ExpectedPartition } from './verify/verify-partition.ts';
import type { PartitionTally } from './verify/partition-tally.ts';
import { VerifyProgress } from './verify/verify-progress.ts';
import { readTotals } from './windows/kept-totals.ts';

/**
 * The last look before offsets are committed, which believes nobody: it reads the replay topic from its first offset to
 * its last and counts. The committed records of every partition must be as many as the sorted files have for it, and
 * all together as many as the position says; where anything looks disturbed, each record is looked at.
 */
export function verifyReplay(deps: Dependencies) {
  return (input: VerifyInput, context: StepContext): Promise<VerifiedReplay> =>
    whileThere(input.job, () => verify(deps, input, context));
}

async function verify(
  deps: Dependencies,
  { job, listing, claim, catalogue }: VerifyInput,
  context: StepContext,
): Promise<VerifiedReplay> {
  const kafka = deps.kafka(job.connections.kafka);
  const store = deps.hdfs(job.connections.hdfs);
  await assertUntrimmed(kafka, job);
  // The workflow was told that all is out.
  const outcome = (): Promise<Outcome> => outcomeByLog(kafka, job, 'commit');
  await settleTransactions(kafka, publisherOptions(job), publisherScope(job), outcome);
  const { position } = await settlePosition(kafka, job, listing.fingerprint);
  const total = BigInt(catalogue.records);
  if (position.published !== total)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${claim.topic} holds ${position.published} records of the sequence, expected ${catalogue.records}. Replay into a new topic.`,
    );
  const staging = new Staging(store, job.staging);
  const files = await filesOf(store, staging, listing, context.signal);
  const repeats =
    catalogue.repeats === undefined ? [] : (await readCensus(staging, listing.fingerprint, context.signal)).repeats;
  const expected = expectedRecords(files, repeats, claim.partitions, total);
  const topic = await assertUntrimmed(kafka, job);
  if (topic.partitions.length !== claim.partitions)
    throw new JobError(
      'replay-topic-changed',
      `The replay topic ${claim.topic} has ${topic.partitions.length} partitions, expected ${claim.partitions}. Replay into a new topic.`,
    );
  const reached = VerifyProgress.of(context.resumed, logOf(topic), claim.partitions);
  const wanted = topic.partitions.map(({ partition, latest }) => ({
    topic: claim.topic,
    topicId: topic.id,
    partition,
    end: latest,
    records: expected[partition]!,
    markers: position.transactions?.[partition],
    total,
    ordinals: job.output.headers.ordinal,
  }));
  await readAll(kafka, wanted, reached, context);
  // What was read first may be gone by now.
  await assertUntrimmed(kafka, job, topic.id);
  context.metrics.count(REPLAY_COUNTERS.rewind_records_aborted, reached.aborted);
  return reached.result();
}

/** Reads partition by partition, those left out that an earlier attempt has read. */
async function readAll(
  kafka: KafkaConnection,
  wanted: readonly ExpectedPartition[],
  reached: VerifyProgress,
  { signal, progress }: StepContext,
): Promise<void> {
  const reader = kafka.openReader();
  try {
    const reading = {
      reader,
      signal,
      progress: (tally: PartitionTally) => progress(reached.reading(tally)),
    };
    while (reached.verified < wanted.length)
      progress(reached.done(await verifyPartition(wanted[reached.verified]!, reading, reached.at)));
  } finally {
    await reader.close();
  }
}

/** What was sorted, with its records by partition: files of all splits, or all windows together. */
async function filesOf(
  store: FileStore,
  staging: Staging,
  { windows, fingerprint }: FileListing,
  signal: AbortSignal,
): Promise<{ partitionRecords: number[] }[]> {
  if (windows !== undefined) return [await readTotals(staging, windows.count - 1, signal)];
  // Level 0 lists every split's file whole, whatever was merged later.
  return readCatalogue(store, staging, 0, fingerprint, signal);
}

/** Records of each partition by the sorted files, each once; they must add up to what was merged and published. */
function expectedRecords(
  files: readonly { partitionRecords: number[] }[],
  repeats: Census['repeats'],
  partitions: number,
  total: bigint,
): bigint[] {
  const expected = Array.from({ length: partitions }, () => 0n);
  for (const file of files)
    file.partitionRecords.forEach(
      (records, partition) => (expected[partition] = (expected[partition] ?? 0n) + BigInt(records)),
    );
  for (const { partition, repeats: twice } of repeats)
    expected[partition] = (expected[partition] ?? 0n) - BigInt(twice);
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
