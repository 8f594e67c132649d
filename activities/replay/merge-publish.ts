import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Publisher } from '../../connections/kafka/publish/publish-port.ts';
import type { Dependencies } from '../dependencies.ts';
import { REPLAY_COUNTERS } from './counters.ts';
import { whileThere } from './publish/assert-untrimmed.ts';
import { Pacer } from './publish/pacer.ts';
import { openReplaySequence, rangeBytes, type ReplaySequence } from './publish/replay-sequence.ts';
import {
  advance,
  assertOwn,
  encodePosition,
  publisherOptions,
  publisherScope,
  readPosition,
  type PublishPosition,
} from './publish/publish-position.ts';
import { outcomeByLog } from './publish/outcome-by-log.ts';
import { refuseTorn } from './publish/refuse-torn.ts';
import { settlePosition } from './publish/settle-position.ts';
import { TransactionBuilder, type PreparedTransaction } from './publish/transaction-builder.ts';
import { unusable } from '../step/staged-json.ts';
import type { StepContext } from '../step/run-step.ts';
import { openSettledPublisher, type Outcome } from '../step/settled-publisher.ts';
import type { PublishedSlice, PublishInput } from './steps.ts';

/** Bytes for the transaction that is being built and the one that is being sent, with room to grow. */
const TRANSACTION_BUFFERS = 32 * 1024 * 1024;

/**
 * Publishes one slice of the sequence, at the job's rate: fences whoever published before, goes on from the committed
 * position, and ends after the slice's time, at the end of the sequence, or when it is told to, always at the end of a transaction.
 */
export function mergePublish(deps: Dependencies) {
  return async (input: PublishInput, context: StepContext): Promise<PublishedSlice> => {
    const { job, listing, catalogue } = input;
    const kafka = deps.kafka(job.connections.kafka);
    const topic = job.replayTopic.name;
    // Looked at before it is taken: a second job must be refused without fencing the first.
    // What a dead publisher left open ends when this one opens; whose topic it is was settled before.
    assertOwn(topic, await readPosition(kafka, topic, { pending: 'ignore' }), job.id, listing.fingerprint);
    const release = await deps.budget.take(
      TRANSACTION_BUFFERS + catalogue.overlap * 2 * rangeBytes(catalogue.overlap),
      context.signal,
    );
    try {
      return await whileThere(job, () => publishOn(deps, kafka, input, context));
    } finally {
      release();
    }
  };
}

async function publishOn(
  deps: Dependencies,
  kafka: KafkaConnection,
  input: PublishInput,
  context: StepContext,
): Promise<PublishedSlice> {
  const { job, listing } = input;
  const outcome = (): Promise<Outcome> => outcomeByLog(kafka, job, 'abort');
  const publisher = await openSettledPublisher(kafka, publisherOptions(job), publisherScope(job), outcome);
  try {
    const settled = await settlePosition(kafka, job, listing.fingerprint);
    await refuseTorn(kafka, job, settled);
    return await publishSlice(deps, publisher, input, settled.position, context);
  } finally {
    await publisher.close();
  }
}

async function publishSlice(
  deps: Dependencies,
  publisher: Publisher,
  input: PublishInput,
  position: PublishPosition,
  { signal, cancelRequested, progress, metrics }: StepContext,
): Promise<PublishedSlice> {
  const { job, claim, catalogue } = input;
  const started = Date.now();
  const until = started + job.tuning.sliceMs;
  const sequence = await openReplaySequence(
    deps.hdfs(job.connections.hdfs),
    {
      job,
      fingerprint: input.listing.fingerprint,
      level: input.level,
      overlap: catalogue.overlap,
      records: catalogue.records,
      repeats: catalogue.repeats,
    },
    position,
    signal,
  );
  const pacer = new Pacer(input.rate);
  const builder = new TransactionBuilder({
    topic: claim.topic,
    partitions: claim.partitions,
    maxBatchBytes: claim.maxMessageBytes,
    maxRecords: pacer.maxRecords,
    maxBytes: pacer.maxBytes,
    ordinals: job.output.headers.ordinal,
    timestamps: job.output.timestamps,
    repeats: sequence.repeats,
  });
  const slice = { records: 0, bytes: 0n, transactions: 0 };
  let current = position;
  let committing: Promise<unknown> = Promise.resolve();
  try {
    for (;;) {
      const prepared = await prepare(sequence, builder);
      await committing;
      if (prepared === undefined) {
        assertAll(current.published, catalogue.records, job.staging);
        break;
      }
      const alive = (): void => progress({ published: current.published.toString(), of: catalogue.records });
      if (!(await pacer.mayGo(prepared.records, prepared.bytes, signal, alive))) break;
      current = advance(current, prepared);
      committing = publisher
        .commit({ batches: prepared.batches, offsets: [encodePosition(claim.topic, current)] })
        .then(() => {
          metrics.count(REPLAY_COUNTERS.rewind_records_published, prepared.records);
          metrics.count(REPLAY_COUNTERS.rewind_bytes_published, prepared.bytes);
          metrics.count(REPLAY_COUNTERS.rewind_transactions, 1);
          builder.recycle(prepared);
        });
      committing.catch(() => undefined); // it is awaited, and so thrown, after the next transaction is prepared
      slice.records += prepared.records;
      slice.bytes += BigInt(prepared.bytes);
      slice.transactions += 1;
      alive();
      if (signal.aborted || Date.now() >= until) break;
    }
    await committing;
  } finally {
    await Promise.allSettled([committing, sequence.close()]);
  }
  // A slice that the workflow has ended (pause, another rate, cancel) says how far it got; any other end of an attempt
  // leaves that to the next one.
  if (!cancelRequested()) signal.throwIfAborted();
  return {
    published: current.published.toString(),
    done: current.published === BigInt(catalogue.records),
    records: slice.records,
    bytes: slice.bytes.toString(),
    transactions: slice.transactions,
    seconds: (Date.now() - started) / 1000,
  };
}

/** At the end of the sequence all of it is out, and no more: another number would never be done. */
function assertAll(published: bigint, records: string, staging: string): void {
  if (published !== BigInt(records)) throw unusable(staging, `${records} records to publish`, `${published}`);
}

/** The next records of the sequence as one transaction; undefined at its end. */
async function prepare(
  sequence: ReplaySequence,
  builder: TransactionBuilder,
): Promise<PreparedTransaction | undefined> {
  while (!builder.isFull) {
    if (sequence.next()) builder.add(sequence.record, sequence.ordinal, sequence.headers, sequence.repeats);
    else if (sequence.atEnd) break;
    else await sequence.fill();
  }
  return builder.isEmpty ? undefined : builder.take();
}
