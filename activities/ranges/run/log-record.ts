import type { RecordCursor, RecordHeader } from '../../../connections/kafka/read/topic-reader.ts';
import type { RangeRecord } from './range-function.ts';

const NO_HEADERS: readonly RecordHeader[] = [];

/** A record in bytes that are its run's alone, so that it stays valid; views are made when they are asked for. */
export class LogRecord implements RangeRecord {
  readonly offset: bigint;
  readonly timestamp: number;
  readonly headers: readonly RecordHeader[];
  readonly decoded: unknown;
  readonly #bytes: Buffer;
  readonly #keyStart: number;
  readonly #keyEnd: number;
  readonly #valueStart: number;
  readonly #valueEnd: number;

  /** @param bytes - those of the cursor, copied */
  constructor(bytes: Buffer, cursor: RecordCursor, decoded: unknown) {
    this.#bytes = bytes;
    this.offset = cursor.offset;
    this.timestamp = cursor.timestampNumber;
    this.#keyStart = cursor.keyStart;
    this.#keyEnd = cursor.keyEnd;
    this.#valueStart = cursor.valueStart;
    this.#valueEnd = cursor.valueEnd;
    this.headers = cursor.headerCount === 0 ? NO_HEADERS : headersIn(bytes, cursor);
    this.decoded = decoded;
  }

  /** Bytes of the value. */
  get size(): number {
    return this.#valueEnd - this.#valueStart;
  }

  get key(): Buffer | null {
    return this.#keyStart < 0 ? null : this.#bytes.subarray(this.#keyStart, this.#keyEnd);
  }

  get value(): Buffer | null {
    return this.#valueStart < 0 ? null : this.#bytes.subarray(this.#valueStart, this.#valueEnd);
  }
}

function headersIn(bytes: Buffer, cursor: RecordCursor): RecordHeader[] {
  return cursor.headers().map(({ name, value }) => {
    if (value === null) return { name, value };
    const at = value.byteOffset - cursor.bytes.byteOffset;
    return { name, value: bytes.subarray(at, at + value.length) };
  });
}
