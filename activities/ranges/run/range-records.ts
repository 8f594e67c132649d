import { ConnectionError } from '../../../connections/connection-error.ts';
import type { LogBatch, RecordCursor, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';
import { LogRecord } from './log-record.ts';
import type { RangeRecord } from './range-function.ts';
import { Undecodable, type ValueDecoder } from './value-decoder.ts';

/** Records and bytes that a function gets at a time: a log of single records must not cost a turn for each. */
const MOST_RECORDS = 1000;
const MOST_BYTES = 1024 * 1024;

/** Values of one range that could not be decoded and are listed; all are counted. */
const MOST_LISTED = 1000;

export interface SkippedValue {
  offset: string;
  reason: string;
  message: string;
}

export interface RecordsOptions {
  decoder: ValueDecoder | undefined;
  /** Whether values that can't be decoded are left out and counted. */
  skips: boolean;
  /** Records of a batch. @default 1000, which is also the most */
  mostRecords?: number;
  signal: AbortSignal;
  /** Says that reading moves: it may be long until the function gets something of what is read. */
  read: () => void;
  /** Waits until so much may go on. */
  pace: (records: number, bytes: number) => Promise<void>;
}

/**
 * The records of a range for a function, in batches. Every offset is either handed to it or counted among those that were
 * left. It can be read once; `failure` is what kept it from coming to its end, so that a function can't hide that.
 */
export class RangeRecords implements AsyncIterable<readonly RangeRecord[]> {
  readonly #range: PlannedRange;
  readonly #reader: TopicReader;
  readonly #options: RecordsOptions;
  readonly #mostRecords: number;
  /** Handed to the function, and not null. */
  records = 0;
  bytes = 0;
  readonly left: Record<string, number> = {};
  readonly skipped: SkippedValue[] = [];
  /** Offsets that the function has in hand: from its first to the one behind its last record. */
  inHand: { first: bigint; next: bigint } | undefined;
  /** Whether the function has seen the end. */
  done = false;
  failure: { error: unknown } | undefined;
  #begun = false;

  constructor(range: PlannedRange, reader: TopicReader, options: RecordsOptions) {
    this.#range = range;
    this.#reader = reader;
    this.#options = options;
    this.#mostRecords = Math.min(MOST_RECORDS, options.mostRecords ?? MOST_RECORDS);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly RangeRecord[]> {
    if (this.#begun) throw new TypeError('the records of a range can be read once; keep what is needed again');
    this.#begun = true;
    let batch: LogRecord[] = [];
    let batchBytes = 0;
    const source = this.#runs();
    try {
      for (;;) {
        const step = await this.#guarded(() => source.next());
        if (step.done === true) break;
        const { cursor, bytes } = step.value;
        let more = true;
        while (more) {
          // Not one wait for each record: a run is walked as far as the batch has room.
          more = await this.#guarded(() => this.#fill(cursor, bytes, batch));
          batchBytes += bytes.length;
          if (batch.length < this.#mostRecords && batchBytes < MOST_BYTES) continue;
          if (batch.length > 0) yield* this.#hand(batch);
          batch = [];
          batchBytes = 0;
        }
      }
      if (batch.length > 0) yield* this.#hand(batch);
      this.inHand = undefined;
      this.done = true;
    } finally {
      await source.return(undefined);
    }
  }

  async *#hand(batch: readonly LogRecord[]): AsyncGenerator<readonly RangeRecord[]> {
    let size = 0;
    for (const record of batch) size += record.size;
    await this.#guarded(() => this.#options.pace(batch.length, size));
    this.inHand = { first: batch[0]!.offset, next: batch.at(-1)!.offset + 1n };
    yield batch;
    this.records += batch.length;
    this.bytes += size;
  }

  /** Runs of records, in bytes that are theirs alone. */
  async *#runs(): AsyncGenerator<{ cursor: RecordCursor; bytes: Buffer }> {
    const { topic, topicId, partition, from, to } = this.#range;
    const { signal, read } = this.#options;
    const range = { topic, topicId, partition, from: BigInt(from), to: BigInt(to) };
    for await (const batch of this.#reader.read(range, { signal })) {
      signal.throwIfAborted();
      read();
      this.#assertPlanned(batch);
      if (batch.kind === 'control') continue;
      for await (const cursor of batch.records())
        if (batch.kind === 'aborted') while (cursor.next()) this.#leave('aborted');
        else yield { cursor, bytes: Buffer.from(cursor.bytes) };
    }
  }

  /**
   * What lies below the pinned end was written under leaders up to that of the plan. A batch of a later one came to its
   * place by an unclean election: its records are others than those that an earlier attempt may have had.
   */
  #assertPlanned({ leaderEpoch, baseOffset }: LogBatch): void {
    const { topic, partition, leaderEpoch: planned } = this.#range;
    if (planned === undefined || leaderEpoch <= planned) return;
    throw new ConnectionError(
      'changed',
      `${topic}-${partition}, offset ${baseOffset}: expected a batch of a leader up to epoch ${planned}, found one of epoch ${leaderEpoch}: an unclean election lost the log that was planned, and other records have its offsets`,
      { topic, partition, offset: String(baseOffset) },
    );
  }

  /** Adds records of a run while the batch has room; true where the run may hold more. */
  async #fill(cursor: RecordCursor, bytes: Buffer, batch: LogRecord[]): Promise<boolean> {
    const { decoder, signal } = this.#options;
    while (batch.length < this.#mostRecords) {
      if (!cursor.next()) return false;
      if (decoder === undefined || cursor.valueStart < 0) {
        batch.push(new LogRecord(bytes, cursor, decoder === undefined ? undefined : null));
        continue;
      }
      try {
        const decoded = decoder.decode(cursor, signal);
        batch.push(new LogRecord(bytes, cursor, decoded instanceof Promise ? await decoded : decoded));
      } catch (error) {
        if (!(error instanceof Undecodable)) throw error;
        this.#skip(cursor.offset, error);
      }
    }
    return true;
  }

  #skip(offset: bigint, error: Undecodable): void {
    if (!this.#options.skips) throw new UndecodableRecord(offset, error);
    this.#leave(error.reason);
    const { reason, message } = error;
    if (this.skipped.length < MOST_LISTED) this.skipped.push({ offset: String(offset), reason, message });
  }

  #leave(reason: string): void {
    this.left[reason] = (this.left[reason] ?? 0) + 1;
  }

  /** Keeps what goes wrong on this side apart from what the function does. */
  async #guarded<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }
}

/** A value that ends the range, by the job's policy. */
export class UndecodableRecord extends Error {
  override readonly name = 'UndecodableRecord';
  readonly offset: bigint;
  readonly reason: string;

  constructor(offset: bigint, { reason, message }: Undecodable) {
    super(message);
    this.offset = offset;
    this.reason = reason;
  }
}
