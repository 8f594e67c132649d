import type { OpenTransaction } from '../../../connections/kafka/admin/admin-port.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import { OffsetOutOfRange } from '../../../connections/kafka/read/offset-out-of-range.ts';
import type { FetchAnswer } from '../../../connections/kafka/wire/protocol/fetch.ts';
import { body } from '../../connections/kafka/encoded-body.ts';
import { logBatch } from './log-batch.ts';

interface Stored {
  base: bigint;
  next: bigint;
  bytes: Buffer;
}

/** The log of one partition, as bytes in Kafka's format: what reads it is the real reading. */
export class MemoryPartition {
  logStart = 0n;
  #batches: Stored[] = [];
  #end = 0n;
  /** Where the log of each leader but the first began. */
  readonly #elected: bigint[] = [];
  /** First offset of each producer's open transaction. */
  readonly #open = new Map<bigint, bigint>();
  #aborted: { producerId: bigint; firstOffset: bigint; last: bigint }[] = [];

  get logEnd(): bigint {
    return this.#end;
  }

  get leaderEpoch(): number {
    return this.#elected.length;
  }

  /** Where the records end that leaders up to an epoch wrote. */
  epochEnd(epoch: number): bigint {
    return this.#elected.slice(epoch).reduce((least, start) => (start < least ? start : least), this.#end);
  }

  get lastStable(): bigint {
    return [...this.#open.values()].reduce((least, first) => (first < least ? first : least), this.#end);
  }

  isOpen(producerId?: bigint): boolean {
    return producerId === undefined ? this.#open.size > 0 : this.#open.has(producerId);
  }

  /** Appends a batch; without a producer it is outside of any transaction. Returns its base offset. */
  async append(batch: RecordBatch, producer?: { id: bigint; epoch: number }): Promise<bigint> {
    const base = this.#end;
    const transactional = producer !== undefined;
    const bytes = await logBatch(base, batch, {
      transactional,
      leaderEpoch: this.leaderEpoch,
      ...(transactional ? { producerId: producer.id, epoch: producer.epoch, sequence: 0 } : {}),
    });
    this.#push(bytes, BigInt(batch.count));
    if (transactional && !this.#open.has(producer.id)) this.#open.set(producer.id, base);
    return base;
  }

  /** Ends a producer's transaction in this partition by a marker, whether or not one is open. */
  async mark(producer: { id: bigint; epoch: number }, outcome: 'commit' | 'abort'): Promise<void> {
    const builder = new RecordBatchBuilder({ topic: '', partition: 0, ordinals: false });
    const key = body(Buffer.from([0, 0, 0, outcome === 'commit' ? 1 : 0]), Buffer.alloc(6));
    builder.add(0, 0, key, 0, key.length, 0);
    const stamp = { producerId: producer.id, epoch: producer.epoch, transactional: true, control: true };
    const firstOffset = this.#open.get(producer.id);
    if (outcome === 'abort' && firstOffset !== undefined)
      this.#aborted.push({ producerId: producer.id, firstOffset, last: this.#end });
    this.#open.delete(producer.id);
    this.#push(await logBatch(this.#end, builder.take(), stamp), 1n);
  }

  openTransactions(): OpenTransaction[] {
    return [...this.#open].map(([producerId, startOffset]) => ({
      producerId,
      producerEpoch: 0,
      startOffset,
      lastTimestamp: 0n,
    }));
  }

  /** What retention leaves of a log whose records were all older: it goes on at this offset. */
  emptyAt(offset: bigint): void {
    this.logStart = this.#end = offset;
    this.#batches = [];
  }

  /** What retention or DeleteRecords does. */
  trim(logStart: bigint): void {
    this.logStart = logStart;
    this.#batches = this.#batches.filter(({ next }) => next > logStart);
  }

  /** What an unclean leader does: the log ends here, at the edge of a batch. */
  truncate(end: bigint): void {
    this.#batches = this.#batches.filter(({ next }) => next <= end);
    this.#end = this.#batches.at(-1)?.next ?? this.logStart;
    this.#aborted = this.#aborted.filter(({ last }) => last < this.#end);
    this.#elected.push(this.#end);
  }

  /** What damage or a compaction that nobody asked for does: the batches of these offsets are gone, the end stays. */
  lose(from: bigint, to: bigint): void {
    this.#batches = this.#batches.filter(({ base, next }) => next <= from || base >= to);
  }

  /** Lies: says of a transaction that was committed that it was aborted, or the reverse. */
  sayAborted(producerId: bigint, firstOffset: bigint): void {
    this.#aborted.push({ producerId, firstOffset, last: this.#end });
  }

  fetch(topic: string, partition: number, offset: bigint, readCommitted: boolean, maxBytes: number): FetchAnswer {
    if (offset < this.logStart || offset > this.#end)
      throw new OffsetOutOfRange(topic, partition, offset, this.logStart, this.#end);
    const end = readCommitted ? this.lastStable : this.#end;
    const found: Stored[] = [];
    let bytes = 0;
    for (const batch of this.#batches) {
      if (batch.next <= offset || batch.base >= end) continue;
      if (found.length > 0 && bytes + batch.bytes.length > maxBytes) break;
      found.push(batch);
      bytes += batch.bytes.length;
    }
    const upTo = found.at(-1)?.next ?? offset;
    return {
      error: 0,
      throttledMs: 0,
      highWatermark: this.#end,
      lastStableOffset: this.lastStable,
      logStart: this.logStart,
      aborted: this.#aborted.filter(({ firstOffset, last }) => firstOffset < upTo && last >= offset),
      records: Buffer.concat(found.map((batch) => batch.bytes)),
    };
  }

  #push(bytes: Buffer, offsets: bigint): void {
    this.#batches.push({ base: this.#end, next: this.#end + offsets, bytes });
    this.#end += offsets;
  }
}
