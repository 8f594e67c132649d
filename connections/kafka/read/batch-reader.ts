import { ConnectionError } from '../../connection-error.ts';
import { COMPRESSIONS, decompressRecords } from '../batch/compression.ts';
import type { FetchAnswer } from '../wire/protocol/fetch.ts';
import { ProtocolReader } from '../wire/protocol/protocol-reader.ts';
import { BATCH_HEADER_BYTES } from '../batch/record-batch.ts';
import type { LastRecord } from '../replay-log.ts';

/** What the header of a record batch v2 says, and its records, still compressed. */
export interface BatchView {
  baseOffset: bigint;
  lastOffset: bigint;
  attributes: number;
  firstTimestamp: bigint;
  maxTimestamp: bigint;
  producerId: bigint;
  /** Records in the batch; fewer than its offsets where the log was compacted. */
  count: number;
  records: Buffer;
}

const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const LENGTH_END = 12;
const ABORT_MARKER = 0;

/** The whole batches of an answer, in the order of their offsets; a cut one at the end is left out. */
export function* batchesOf(records: Buffer): Generator<BatchView> {
  for (let at = 0; at + LENGTH_END <= records.length;) {
    const end = at + LENGTH_END + records.readInt32BE(at + 8);
    if (end > records.length) return;
    const magic = records.readInt8(at + 16);
    const baseOffset = records.readBigInt64BE(at);
    if (magic !== 2)
      throw new ConnectionError(
        'refused',
        `the batch at offset ${baseOffset}: expected record format 2, found ${magic}; ` +
          'raise message.format.version of the topic, or use another topic',
        { offset: String(baseOffset) },
      );
    yield {
      baseOffset,
      lastOffset: baseOffset + BigInt(records.readInt32BE(at + 23)),
      attributes: records.readInt16BE(at + 21),
      firstTimestamp: records.readBigInt64BE(at + 27),
      maxTimestamp: records.readBigInt64BE(at + 35),
      producerId: records.readBigInt64BE(at + 43),
      count: records.readInt32BE(at + 57),
      records: records.subarray(at + BATCH_HEADER_BYTES, end),
    };
    at = end;
  }
}

/**
 * Tells aborted batches from committed ones in one answer, as Java's consumer does: a producer's batches are aborted
 * from the first offset that the list of aborted transactions names to its next abort marker.
 */
export function* judgedBatches(
  answer: FetchAnswer,
): Generator<{ batch: BatchView; kind: 'data' | 'aborted' | 'control' }> {
  const starts = answer.aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborting = new Set<bigint>();
  let next = 0;
  for (const batch of batchesOf(answer.records)) {
    for (; next < starts.length && starts[next]!.firstOffset <= batch.lastOffset; next++)
      aborting.add(starts[next]!.producerId);
    if ((batch.attributes & CONTROL) !== 0) {
      if (markerType(batch) === ABORT_MARKER) aborting.delete(batch.producerId);
      yield { batch, kind: 'control' };
    } else {
      const aborted = (batch.attributes & TRANSACTIONAL) !== 0 && aborting.has(batch.producerId);
      yield { batch, kind: aborted ? 'aborted' : 'data' };
    }
  }
}

/** The last record of a batch that holds one. */
export async function lastRecordOf(batch: BatchView): Promise<LastRecord> {
  const compression = COMPRESSIONS[batch.attributes & 7];
  if (compression === undefined)
    throw new ConnectionError(
      'refused',
      `the batch at offset ${batch.baseOffset}: expected one of the compressions ${COMPRESSIONS.join(', ')}, ` +
        `found number ${batch.attributes & 7}; use a newer version of Rewind`,
      { offset: String(batch.baseOffset) },
    );
  const records = await decompressRecords(compression, batch.records);
  const reader = new RecordReader(Buffer.from(records.buffer, records.byteOffset, records.byteLength));
  for (let record = 1; record < batch.count; record++) reader.skip();
  return reader.read(batch);
}

class RecordReader {
  readonly #reader: ProtocolReader;

  constructor(records: Buffer) {
    this.#reader = new ProtocolReader(records);
  }

  skip(): void {
    this.#reader.take(this.#varint());
  }

  read(batch: BatchView): LastRecord {
    this.#varint(); // length
    this.#reader.int8(); // attributes
    const delta = this.#varlong();
    const offset = batch.baseOffset + BigInt(this.#varint());
    this.#bytes(); // key
    this.#bytes(); // value
    const headers: Record<string, Buffer> = {};
    for (let count = this.#varint(); count > 0; count--) {
      const name = this.#bytes().toString();
      // A copy: the record may be kept, and would keep the whole answer with it.
      headers[name] = Buffer.from(this.#bytes());
    }
    const appendTime = (batch.attributes & LOG_APPEND_TIME) !== 0;
    const timestamp = appendTime ? batch.maxTimestamp : BigInt.asIntN(64, batch.firstTimestamp + delta);
    return { offset, timestamp, headers };
  }

  #bytes(): Buffer {
    return this.#reader.take(Math.max(0, this.#varint()));
  }

  #varint(): number {
    const value = this.#reader.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  #varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#reader.int8() & 0xff;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
  }
}

/** Type of a control batch's only record, from its key: version, then type. */
function markerType(batch: BatchView): number {
  const reader = new ProtocolReader(batch.records);
  reader.unsigned(); // length
  reader.int8(); // attributes
  reader.unsigned(); // timestamp delta
  reader.unsigned(); // offset delta
  reader.unsigned(); // key length
  reader.int16(); // version
  return reader.int16();
}
