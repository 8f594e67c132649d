import type { GroundTruth } from './ground-truth.ts';

/** A record as a consumer got it. */
export interface ConsumedRecord {
  partition: number;
  offset: string;
  /** Milliseconds since 1970 UTC, in decimal. */
  timestamp: string;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: Record<string, Uint8Array | string | (Uint8Array | string)[] | undefined> | undefined;
}

export interface Expectations {
  /** @default 'avro-json' with the output schema; 'writer-json': with the schema of each record's own file */
  encoding?: 'avro-json' | 'writer-json' | 'avro-binary';
  /** Key of the record at a position of the sequence. @default null everywhere */
  key?: (truth: GroundTruth, position: number) => Uint8Array | string | null;
  /** Partition of the replay topic that the record at a position belongs to. @default any */
  partition?: (truth: GroundTruth, position: number) => number;
  /** Whether Kafka's timestamp is the record's time. @default 'record' */
  timestamps?: 'record' | 'publish';
  /** Header that carries a record's position in the sequence; undefined: none, which only one partition allows. @default 'rewind-ordinal' */
  ordinalHeader?: string | undefined;
  /** How many differences are told in detail; the others are counted. @default 5 */
  told?: number;
}

export interface Comparison {
  /** Nothing differs, and every record was there once. */
  ok: boolean;
  expected: number;
  consumed: number;
  /** Positions of the sequence that never came: how many, and the first few. */
  missing: { count: number; first: number[] };
  /** Records that came twice, in the wrong order, or with other bytes than expected. */
  differences: number;
  /** The first of them, one a line: position, partition and offset, expected, found. */
  told: string[];
}

/** Compares the records of a replay topic with the ground truth while they stream by; a bit of memory for each. */
export class ReplayComparison {
  private readonly truth: GroundTruth;
  private readonly expectations: Expectations;
  private readonly seen: Uint8Array;
  /** Position that came last, by partition. */
  private readonly last = new Map<number, number>();
  private readonly scratch = Buffer.allocUnsafe(1 << 20);
  private readonly told: string[] = [];
  private consumed = 0;
  private distinct = 0;
  private differences = 0;

  constructor(truth: GroundTruth, expectations: Expectations = {}) {
    this.truth = truth;
    this.expectations = { ordinalHeader: 'rewind-ordinal', ...expectations };
    this.seen = new Uint8Array((truth.total >> 3) + 1);
  }

  /** Records must come in the order of their offsets, partition by partition. */
  take(record: ConsumedRecord): void {
    this.consumed++;
    const position = this.positionOf(record);
    if (position === undefined) return;
    if (position < 0 || position >= this.truth.total)
      return this.differ(record, `ordinal ${position}: expected one below ${this.truth.total}`);
    const last = this.last.get(record.partition) ?? -1;
    if (position <= last) this.differ(record, `ordinal ${position}: came after ordinal ${last} of the same partition`);
    else this.last.set(record.partition, position);
    if (!this.mark(position)) return this.differ(record, `ordinal ${position}: came before: published twice`);
    this.compare(record, position);
  }

  result(): Comparison {
    const { total } = this.truth;
    const missing: number[] = [];
    const count = total - this.distinct;
    for (let position = 0; position < total && missing.length < Math.min(count, 10); position++)
      if (!this.isMarked(position)) missing.push(position);
    return {
      ok: count === 0 && this.differences === 0,
      expected: total,
      consumed: this.consumed,
      missing: { count, first: missing },
      differences: this.differences,
      told: this.told,
    };
  }

  private positionOf(record: ConsumedRecord): number | undefined {
    const { ordinalHeader } = this.expectations;
    if (ordinalHeader === undefined) return this.consumed - 1;
    const header = record.headers?.[ordinalHeader];
    const bytes = typeof header === 'string' ? Buffer.from(header) : header;
    if (bytes === undefined || Array.isArray(bytes)) {
      const found =
        bytes === undefined ? Object.keys(record.headers ?? {}).join(', ') || 'no headers' : 'it several times';
      this.differ(record, `expected a header ${ordinalHeader} with the ordinal, found ${found}`);
      return undefined;
    }
    const position = readOrdinal(bytes);
    if (position === undefined)
      this.differ(
        record,
        `header ${ordinalHeader}: expected decimal digits or 8 bytes, found 0x${Buffer.from(bytes).toString('hex')}`,
      );
    return position;
  }

  private compare(record: ConsumedRecord, position: number): void {
    const { key, partition, timestamps = 'record' } = this.expectations;
    const value = this.expectedValue(position);
    if (record.value === null || value.compare(record.value) !== 0)
      this.differ(record, `ordinal ${position} (${this.origin(position)}): ${byteDifference(value, record.value)}`);
    const expectedKey = key?.(this.truth, position) ?? null;
    if (!sameKey(expectedKey, record.key))
      this.differ(record, `ordinal ${position}: expected key ${shown(expectedKey)}, found ${shown(record.key)}`);
    if (timestamps === 'record' && record.timestamp !== String(this.truth.time(position)))
      this.differ(
        record,
        `ordinal ${position}: expected timestamp ${this.truth.time(position)}, found ${record.timestamp}`,
      );
    const place = partition?.(this.truth, position) ?? record.partition;
    if (place !== record.partition) this.differ(record, `ordinal ${position}: expected partition ${place}`);
  }

  /** Valid until the next call. */
  private expectedValue(position: number): Buffer {
    const { encoding = 'avro-json' } = this.expectations;
    if (encoding === 'avro-binary') return this.truth.binary(position);
    const text = this.truth.json(position, encoding === 'avro-json' ? 'output' : 'writer');
    return this.scratch.subarray(0, this.scratch.write(text));
  }

  private origin(position: number): string {
    const { path, ordinal } = this.truth.at(position);
    return `${path} record ${ordinal}`;
  }

  private differ({ partition, offset }: ConsumedRecord, what: string): void {
    this.differences++;
    if (this.told.length < (this.expectations.told ?? 5))
      this.told.push(`partition ${partition} offset ${offset}: ${what}`);
  }

  private isMarked(position: number): boolean {
    return (((this.seen[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }

  /** False if it was marked before. */
  private mark(position: number): boolean {
    if (this.isMarked(position)) return false;
    this.seen[position >> 3] = (this.seen[position >> 3] ?? 0) | (1 << (position & 7));
    this.distinct++;
    return true;
  }
}

/** Decimal digits, or a 64-bit integer, big-endian; no ordinal that can occur is taken for the other. */
function readOrdinal(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let digits = bytes.length > 0;
  let value = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) digits = false;
    value = value * 10 + byte - 0x30;
  }
  if (digits) return value;
  return bytes.length === 8 ? Number(buffer.readBigInt64BE()) : undefined;
}

function sameKey(expected: Uint8Array | string | null, found: Uint8Array | null): boolean {
  if (expected === null || found === null) return expected === found;
  return Buffer.compare(Buffer.from(expected), found) === 0;
}

function shown(bytes: Uint8Array | string | null): string {
  return bytes === null ? 'null' : JSON.stringify(Buffer.from(bytes).toString());
}

/** Where two values part, with what stands around there. */
function byteDifference(expected: Buffer, found: Uint8Array | null): string {
  if (found === null) return `expected ${expected.length} bytes, found null`;
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const around = (bytes: Uint8Array): string =>
    JSON.stringify(Buffer.from(bytes.subarray(Math.max(0, at - 20), at + 60)).toString());
  return `values part at byte ${at}: expected ${around(expected)} (${expected.length} bytes), found ${around(found)} (${found.length} bytes)`;
}
