import { ConnectionError } from '../../connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { COMPRESSIONS } from '../batch/compression.ts';
import type { Compression } from '../batch/compression.ts';
import { unpack } from '../batch/unpack.ts';
import { LOG_APPEND_TIME, TRANSACTIONAL } from './batch-head.ts';
import type { BatchHead } from './batch-head.ts';
import type { JudgedBatch } from './judge-batches.ts';
import type { RecordBase } from './record-cursor.ts';
import { recordRuns } from './record-runs.ts';
import type { LogBatch, RecordCursor } from './topic-reader.ts';

/** A batch of an answer. Nothing of it is unpacked until its records are asked for. */
export class FetchedBatch implements LogBatch {
  readonly kind: LogBatch['kind'];
  readonly marker: LogBatch['marker'];
  readonly compression: Compression;
  readonly #head: BatchHead;
  readonly #from: bigint;
  readonly #to: bigint;

  constructor({ head, kind, marker }: JudgedBatch, range: { from: bigint; to: bigint }) {
    this.#head = head;
    this.#from = range.from;
    this.#to = range.to;
    this.kind = kind;
    this.marker = marker;
    const compression = COMPRESSIONS[head.attributes & 7];
    if (compression === undefined)
      throw refusal(head, `one of the compressions ${COMPRESSIONS.join(', ')}`, `number ${head.attributes & 7}`);
    this.compression = compression;
  }

  get baseOffset(): bigint {
    return this.#head.baseOffset;
  }
  get lastOffset(): bigint {
    return this.#head.lastOffset;
  }
  get nextOffset(): bigint {
    return this.#head.lastOffset + 1n;
  }
  get count(): number {
    return this.#head.count;
  }
  get leaderEpoch(): number {
    return this.#head.leaderEpoch;
  }
  get timestampType(): LogBatch['timestampType'] {
    return (this.#head.attributes & LOG_APPEND_TIME) === 0 ? 'create' : 'append';
  }
  get maxTimestamp(): bigint {
    return this.#head.maxTimestamp;
  }
  get producerId(): bigint {
    return this.#head.producerId;
  }
  get producerEpoch(): number {
    return this.#head.producerEpoch;
  }
  get baseSequence(): number {
    return this.#head.baseSequence;
  }
  get isTransactional(): boolean {
    return (this.#head.attributes & TRANSACTIONAL) !== 0;
  }
  get bytes(): number {
    return this.#head.bytes;
  }

  async *records(): AsyncGenerator<RecordCursor> {
    const head = this.#head;
    if (head.count === 0) return;
    let walked = 0;
    let whole = true;
    try {
      for await (const run of recordRuns(unpack(this.compression, head.records), this.#base())) {
        yield run;
        walked += run.walked;
        whole &&= run.exhausted;
      }
    } catch (error) {
      throw unpackError(error, head, this.compression);
    }
    if (whole && walked !== head.count) throw refusal(head, `${head.count} records`, `${walked}`);
  }

  #base(): RecordBase {
    const { baseOffset, baseTimestamp, maxTimestamp } = this.#head;
    const appendTime = this.timestampType === 'append';
    return {
      baseOffset,
      timestamp: appendTime ? maxTimestamp : baseTimestamp,
      appendTime,
      fromDelta: Number(this.#from - baseOffset),
      toDelta: Number(this.#to - baseOffset),
    };
  }
}

/** What a library or the caller has thrown; only what is said of bytes is a refusal. */
function unpackError(error: unknown, head: BatchHead, compression: Compression): unknown {
  if (error instanceof ConnectionError) return error;
  if (error instanceof FormatError) {
    const { expected = 'valid data', found = 'other bytes' } = error.facts;
    return refusal(head, `${compression} data: ${expected}`, found, error);
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return refusal(head, `${compression} data`, code === undefined ? message : `${message} (${code})`, error);
}

function refusal({ baseOffset }: BatchHead, expected: string, found: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    'refused',
    `the batch at offset ${baseOffset}: expected ${expected}, found ${found}; its checksum is right, so it was written ` +
      'so: look at the producer, and skip the offset where it may be lost',
    { offset: String(baseOffset) },
    cause,
  );
}
