import { BatchBuffers } from '../../../connections/kafka/batch/batch-buffers.ts';
import { RecordBatchBuilder } from '../../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../../connections/kafka/publish/publish-port.ts';
import type { SortKey } from '../../../formats/sorted/file/sort-key.ts';
import { BODY_PREFIX_BYTES, CLAMPED, HEADERS_HEAD_BYTES, OWN_HEADERS, WITHOUT_TIME } from '../record/record-body.ts';
import { withOriginalTime, type EncodedHeaders } from '../record/record-headers.ts';

/** Large enough that the round trips of a transaction cost little, small enough that a kill leaves little behind. */
const MAX_RECORDS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** One record as the merge hands it over: a view that is only valid until the next one. */
export interface MergedRecord extends SortKey {
  partition: number;
  bytes: Uint8Array;
  bodyStart: number;
  bodyEnd: number;
}

export interface PreparedTransaction {
  batches: RecordBatch[];
  records: number;
  bytes: number;
  /** Entries that were passed over between the last transaction and the end of this one. */
  repeats: number;
  /** Sort key of the last record. */
  lastKey: SortKey;
}

export interface TransactionBuilderOptions {
  topic: string;
  partitions: number;
  /** Limit of the topic on one batch, in bytes. */
  maxBatchBytes: number;
  /** Whether records carry their ordinal. */
  ordinals: boolean;
  /** Most records and bytes in one transaction, where that is less than usual. */
  maxRecords?: number;
  maxBytes?: number;
  /** Entries that were passed over before. @default 0 */
  repeats?: number;
  /** `publish`: every record gets the time of publishing. */
  timestamps: 'record' | 'publish';
}

/** Packs records of the sequence, in order, into the batches of one transaction. */
export class TransactionBuilder {
  readonly #options: TransactionBuilderOptions;
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #builders: RecordBatchBuilder[];
  readonly #buffers: BatchBuffers;
  #batches: RecordBatch[] = [];
  #records = 0;
  #bytes = 0;
  #repeats: number;
  #repeatsTaken: number;
  readonly #lastKey: SortKey = { timeHi: 0, timeLo: 0, split: 0, sequence: 0 };

  constructor(options: TransactionBuilderOptions) {
    this.#options = options;
    this.#repeats = this.#repeatsTaken = options.repeats ?? 0;
    this.#maxRecords = Math.min(MAX_RECORDS, options.maxRecords ?? Infinity);
    this.#maxBytes = Math.min(MAX_BYTES, options.maxBytes ?? Infinity);
    const capacity = Math.max(64 * 1024, Math.min(options.maxBatchBytes, Math.ceil(MAX_BYTES / options.partitions)));
    this.#buffers = new BatchBuffers(capacity);
    this.#builders = Array.from(
      { length: options.partitions },
      (_, partition) =>
        new RecordBatchBuilder({ topic: options.topic, partition, buffers: this.#buffers, ordinals: options.ordinals }),
    );
  }

  get isFull(): boolean {
    return this.#records >= this.#maxRecords || this.#bytes >= this.#maxBytes;
  }

  get isEmpty(): boolean {
    return this.#records === 0;
  }

  /** `repeats`: entries that were passed over so far, over all transactions. */
  add(record: MergedRecord, ordinal: number, headers: EncodedHeaders, repeats = 0): void {
    const { bytes, bodyStart, bodyEnd } = record;
    const builder = this.#builders[record.partition]!;
    const flags = bytes[bodyStart]!;
    const clamped = (flags & CLAMPED) !== 0;
    let lo = int32At(bytes, bodyStart + 1) >>> 0;
    let hi = int32At(bytes, bodyStart + 5);
    const all = clamped ? withOriginalTime(headers, hi, lo) : headers;
    let start = bodyStart + BODY_PREFIX_BYTES;
    let ownStart = 0;
    let ownEnd = 0;
    let ownCount = 0;
    if ((flags & OWN_HEADERS) !== 0) {
      ownStart = start + HEADERS_HEAD_BYTES;
      start = ownEnd = ownStart + int32At(bytes, start);
      ownCount = int32At(bytes, ownStart - 4);
    }
    const size = bodyEnd - bodyStart + all.bytes.length;
    if (builder.count > 0 && builder.byteLengthWith(size) > this.#options.maxBatchBytes)
      this.#batches.push(builder.take());
    if (clamped) hi = lo = 0;
    if (this.#options.timestamps === 'publish' || (flags & WITHOUT_TIME) !== 0) {
      const now = Date.now();
      hi = Math.floor(now / 2 ** 32);
      lo = now >>> 0;
    }
    builder.add(
      hi,
      lo,
      bytes,
      start,
      bodyEnd,
      ordinal,
      all.bytes,
      0,
      all.bytes.length,
      all.count,
      ownStart,
      ownEnd,
      ownCount,
    );
    this.#records += 1;
    this.#repeats = repeats;
    this.#bytes += size;
    const key = this.#lastKey;
    key.timeHi = record.timeHi;
    key.timeLo = record.timeLo;
    key.split = record.split;
    key.sequence = record.sequence;
  }

  /** Takes back the memory of a transaction that is committed. */
  recycle({ batches }: PreparedTransaction): void {
    for (const { records } of batches) this.#buffers.giveBack(records);
  }

  take(): PreparedTransaction {
    for (const builder of this.#builders) if (builder.count > 0) this.#batches.push(builder.take());
    const prepared = {
      batches: this.#batches,
      records: this.#records,
      bytes: this.#bytes,
      repeats: this.#repeats - this.#repeatsTaken,
      lastKey: { ...this.#lastKey },
    };
    this.#repeatsTaken = this.#repeats;
    this.#batches = [];
    this.#records = 0;
    this.#bytes = 0;
    return prepared;
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
