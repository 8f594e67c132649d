import { ConnectionError } from '../../connection-error.ts';
import type { RecordCursor, RecordHeader } from './topic-reader.ts';

/** What the records of a batch are counted from. */
export interface RecordBase {
  baseOffset: bigint;
  /** The batch's base timestamp, or with `appendTime` that of all its records. */
  timestamp: bigint;
  appendTime: boolean;
  /** Offset deltas of the range that is read. */
  fromDelta: number;
  toDelta: number;
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** A delta has 32 bits: offsets from a lower base stay below 2^52. */
const MOST_BASE = 2n ** 52n - 2n ** 32n;

/** Walks whole records in the layout of record batch v2. Refuses lengths that don't fit, with the batch's offset. */
export class LaidOutRecords implements RecordCursor {
  readonly bytes: Buffer;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  headerCount = 0;
  headersStart = 0;
  recordStart = 0;
  recordEnd = 0;
  /** Records that were walked over, in the range or not. */
  walked = 0;
  readonly #base: RecordBase;
  readonly #timestampNumber: number;
  /** NaN where offsets of the batch may not be exact as numbers. */
  readonly #baseNumber: number;
  readonly #end: number;
  #offsetDelta = 0;
  #at = 0;
  /** Exact below 2^53; NaN above, where `#longDelta` has it. */
  #timestampDelta = 0;
  #longDelta = 0n;

  /** `bytes` hold whole records up to `end`. */
  constructor(bytes: Buffer, end: number, base: RecordBase) {
    this.bytes = bytes;
    this.#end = end;
    this.#base = base;
    const { timestamp, baseOffset } = base;
    this.#baseNumber = baseOffset < MOST_BASE ? Number(baseOffset) : NaN;
    this.#timestampNumber = timestamp > SAFE || timestamp < -SAFE ? NaN : Number(timestamp);
  }

  next(): boolean {
    const { fromDelta, toDelta } = this.#base;
    while (this.#at < this.#end) {
      this.#parse();
      if (this.#offsetDelta >= fromDelta && this.#offsetDelta < toDelta) return true;
    }
    return false;
  }

  /** Whether `next` has come to the end. */
  get exhausted(): boolean {
    return this.#at === this.#end;
  }

  get offset(): bigint {
    return this.#base.baseOffset + BigInt(this.#offsetDelta);
  }

  get offsetNumber(): number {
    return this.#baseNumber + this.#offsetDelta;
  }

  get appendTime(): boolean {
    return this.#base.appendTime;
  }

  get timestamp(): bigint {
    const { timestamp, appendTime } = this.#base;
    if (appendTime) return timestamp;
    const delta = this.#timestampDelta;
    return BigInt.asIntN(64, timestamp + (Number.isNaN(delta) ? this.#longDelta : BigInt(delta)));
  }

  get timestampNumber(): number {
    if (this.#base.appendTime) return this.#timestampNumber;
    const sum = this.#timestampNumber + this.#timestampDelta;
    return Number.isSafeInteger(sum) ? sum : NaN;
  }

  get key(): Buffer | null {
    return this.keyStart < 0 ? null : this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  get value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd);
  }

  headers(): RecordHeader[] {
    const headers: RecordHeader[] = [];
    const after = this.#at;
    this.#at = this.headersStart;
    for (let index = 0; index < this.headerCount; index++) {
      const name = this.#length('a header name');
      if (name < 0) throw this.#refusal('a header name', 'null');
      const nameEnd = this.#at;
      const value = this.#length('a header value');
      headers.push({
        name: this.bytes.toString('utf8', nameEnd - name, nameEnd),
        value: value < 0 ? null : this.bytes.subarray(this.#at - value, this.#at),
      });
    }
    if (this.#at !== this.recordEnd)
      throw this.#refusal(`the end of the record at byte ${this.recordEnd}`, `byte ${this.#at}`);
    this.#at = after;
    return headers;
  }

  #parse(): void {
    const length = this.#varint();
    this.recordStart = this.#at;
    this.recordEnd = this.#at + length;
    if (length < 0 || this.recordEnd > this.#end)
      throw this.#refusal(`a record of at most ${this.#end - this.#at} bytes`, `${length}`);
    this.#at++; // attributes: none are defined
    this.#readTimestampDelta();
    this.#offsetDelta = this.#varint();
    const key = this.#length('a key');
    this.keyEnd = key < 0 ? -1 : this.#at;
    this.keyStart = key < 0 ? -1 : this.#at - key;
    const value = this.#length('a value');
    this.valueEnd = value < 0 ? -1 : this.#at;
    this.valueStart = value < 0 ? -1 : this.#at - value;
    this.headerCount = this.#varint();
    this.headersStart = this.#at;
    // A header takes two bytes at least; what they hold is looked at by who wants them.
    const left = this.recordEnd - this.#at;
    if (this.headerCount < 0 || this.headerCount * 2 > left || (this.headerCount === 0 && left !== 0))
      throw this.#refusal(`headers of ${left} bytes`, `${this.headerCount} headers`);
    this.#at = this.recordEnd;
    this.walked++;
  }

  /** Reads a length and passes that many bytes; -1 is null. */
  #length(what: string): number {
    const length = this.#varint();
    if (length < -1 || this.#at + length > this.recordEnd)
      throw this.#refusal(`${what} of at most ${this.recordEnd - this.#at} bytes`, `${length}`);
    if (length > 0) this.#at += length;
    return length;
  }

  #varint(): number {
    const bytes = this.bytes;
    let byte = bytes[this.#at++]!;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 28) throw this.#refusal('a number of at most 5 bytes', 'a longer one');
      byte = bytes[this.#at++]!;
      value |= (byte & 0x7f) << shift;
    }
    if (this.#at > this.#end) throw this.#refusal('a number', 'the end of the records');
    return (value >>> 1) ^ -(value & 1);
  }

  #readTimestampDelta(): void {
    const start = this.#at;
    let byte = this.bytes[this.#at++]!;
    let value = byte & 0x7f;
    // Seven bytes are 49 bits, which a number holds exactly.
    for (let scale = 0x80, count = 1; byte >= 0x80; scale *= 0x80, count++) {
      if (count === 7) return this.#readLongDelta(start);
      byte = this.bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
    }
    this.#timestampDelta = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #readLongDelta(start: number): void {
    this.#at = start;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw this.#refusal('a number of at most 10 bytes', 'a longer one');
      const byte = this.bytes[this.#at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.#longDelta = (value >> 1n) ^ -(value & 1n);
    const isSafe = this.#longDelta <= SAFE && this.#longDelta >= -SAFE;
    this.#timestampDelta = isSafe ? Number(this.#longDelta) : NaN;
  }

  #refusal(expected: string, found: string): ConnectionError {
    const { baseOffset } = this.#base;
    return new ConnectionError(
      'refused',
      `the batch at offset ${baseOffset}, byte ${this.recordStart} of its records: expected ${expected}, found ${found}; ` +
        'the log is damaged: look at the disks of the brokers that hold it',
      { offset: String(baseOffset) },
    );
  }
}
