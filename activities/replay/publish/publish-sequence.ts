import { setImmediate as turn } from 'node:timers/promises';
import type { Publisher } from '../../../connections/kafka/publish/publish-port.ts';
import type { StepContext } from '../../step/run-step.ts';
import { REPLAY_COUNTERS } from '../counters.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PublishedSlice, ReplayTopicClaim } from '../steps.ts';
import type { RateLimit } from '../../step/rate-limit.ts';
import { Pacer } from './pacer.ts';
import { advance, encodePosition, type PublishPosition } from './publish-position.ts';
import type { PublishedSequence } from './replay-sequence.ts';
import { TransactionBuilder, type PreparedTransaction } from './transaction-builder.ts';

export interface PublishingSlice {
  job: ReplayJob;
  claim: ReplayTopicClaim;
  rate: RateLimit;
  sequence: PublishedSequence;
  position: PublishPosition;
  /** Whether a number of records is the whole sequence; throws where it isn't, and the sequence is at its end. */
  isAll: (published: bigint, atEnd: boolean) => boolean;
  /** Shown with the heartbeat, beside how many records are out. */
  shown: () => Record<string, unknown>;
}

/**
 * Publishes a sequence from a position on, at the job's rate, until the slice's time is over, the sequence ends, or it is
 * told to end: always at the end of a transaction. Closes the sequence.
 */
export async function publishSequence(
  publisher: Publisher,
  { job, claim, rate, sequence, position, isAll, shown }: PublishingSlice,
  { signal, cancelRequested, progress, metrics }: StepContext,
): Promise<PublishedSlice> {
  const started = Date.now();
  const until = started + job.tuning.sliceMs;
  const pacer = new Pacer(rate);
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
  let done = false;
  let committing: Promise<unknown> = Promise.resolve();
  try {
    for (;;) {
      const prepared = await prepare(sequence, builder, signal);
      await committing;
      if (prepared === undefined) {
        done = sequence.atEnd && isAll(current.published, true);
        break;
      }
      const alive = (): void => progress({ published: current.published.toString(), ...shown() });
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
      sequence.letGo?.(prepared.lastKey);
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
    done: done || isAll(current.published, false),
    records: slice.records,
    bytes: slice.bytes.toString(),
    transactions: slice.transactions,
    seconds: (Date.now() - started) / 1000,
  };
}

/**
 * Records after which the network has its turn. The transaction before is a row of requests and answers: without that its
 * records would be sent when those of the next one are all prepared.
 */
const TURN_RECORDS = 1_000;

/**
 * The next records of the sequence as one transaction; undefined at its end, and where the slice is to end while nothing
 * is at hand.
 */
async function prepare(
  sequence: PublishedSequence,
  builder: TransactionBuilder,
  signal: AbortSignal,
): Promise<PreparedTransaction | undefined> {
  let sinceTurn = 0;
  while (!builder.isFull) {
    if (sequence.next()) {
      builder.add(sequence.record, sequence.ordinal, sequence.headers, sequence.repeats);
      if (++sinceTurn < TURN_RECORDS) continue;
      sinceTurn = 0;
      await turn();
    } else if (sequence.atEnd) break;
    else if (sequence.mayTakeLong === true && !builder.isEmpty) break;
    else {
      try {
        await sequence.fill();
      } catch (error) {
        // Told to end while it waited for what comes next: what is out is all in transactions.
        if (sequence.mayTakeLong !== undefined && signal.aborted) return undefined;
        throw error;
      }
    }
  }
  return builder.isEmpty ? undefined : builder.take();
}
