import { Cursor } from '../avro/datum/cursor.ts';
import { checkFieldCount, minimumWidth } from '../avro/datum/limits.ts';
import { SkipCompiler, type Skip } from '../avro/datum/skip-compiler.ts';
import type { AvroSchema, RecordField } from '../avro/schema/schema.ts';
import { FormatError } from '../format-error.ts';
import { int64ToBigInt, type Int64 } from '../int64.ts';
import { wordsOf } from '../words.ts';
import { ENVELOPE_SCHEMA, TIMESTAMP_TYPES } from './envelope-schema.ts';
import { isEnvelope, withoutNull } from './envelope-columns.ts';
import { readOwnEnvelope } from './own-envelope.ts';

type Read = (from: Cursor) => void;
type Unit = 'millis' | 'micros' | 'nanos';

/**
 * Reads whole records of one writer's schema, columns by name. What was read stays in the fields: no object is made for
 * a record. Positions are those of `data`; -1 and -1: null.
 */
export class EnvelopeReader {
  data: Uint8Array = new Uint8Array(0);
  /** The same, to be copied from. */
  words: DataView = wordsOf(this.data);
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  topicStart = 0;
  topicEnd = 0;
  partition = 0;
  readonly offset: Int64 = { hi: 0, lo: 0 };
  /** In `timestampUnit`, -1 where the record has none. */
  readonly timestamp: Int64 = { hi: -1, lo: 0xffffffff };
  readonly timestampUnit: Unit;
  /** Whether the broker gave the timestamp (LogAppendTime). */
  appendTime = false;
  headerCount = 0;
  /** Of each header four positions: of its key and of its value. */
  headers = new Int32Array(64);
  readonly #fields: Read[];
  readonly #from = new Cursor();
  readonly #isOwn: boolean;

  /**
   * @param writerJson - the schema's text, by which files of Rewind's own are known: they are read faster
   * @throws FormatError 'schema' for a schema that is none of whole records
   */
  constructor(writer: AvroSchema, writerJson?: string) {
    this.#isOwn = writerJson === ENVELOPE_SCHEMA;
    checkFieldCount(writer);
    if (writer.type !== 'record' || !isEnvelope(writer))
      throw new FormatError('schema', 'the file holds no whole records', {
        expected: "the columns key, value, topic, partition, offset and timestamp, as Spark's Kafka source has them",
        found: writer.type === 'record' ? writer.fields.map(({ name }) => name).join(', ') : writer.type,
      });
    const skips = new SkipCompiler();
    this.#fields = writer.fields.map((field) => this.#column(field, skips));
    const time = withoutNull(writer.fields.find(({ name }) => name === 'timestamp')!.schema)!;
    const logical = 'logicalType' in time ? time.logicalType : undefined;
    this.timestampUnit = (/timestamp-(millis|micros|nanos)$/.exec(logical ?? '')?.[1] as Unit | undefined) ?? 'millis';
  }

  /** Reads the record at `position`; returns the position behind it. Throws FormatError. */
  read(data: Uint8Array, position: number, end: number): number {
    if (data !== this.data) {
      this.data = data;
      this.words = wordsOf(data);
    }
    if (this.#isOwn) {
      const behind = readOwnEnvelope(this, data, position, end);
      if (behind >= 0) return behind;
    }
    const from = this.#from;
    this.headerCount = 0;
    this.appendTime = false;
    from.start(data, position, end);
    for (const field of this.#fields) field(from);
    return from.position;
  }

  /** The topic's name. */
  get topic(): string {
    return Buffer.from(this.data.buffer, this.data.byteOffset).toString('utf8', this.topicStart, this.topicEnd);
  }

  #column({ name, schema }: RecordField, skips: SkipCompiler): Read {
    switch (name) {
      case 'key':
        return bytesOf(schema, name, (start, end) => {
          this.keyStart = start;
          this.keyEnd = end;
        });
      case 'value':
        return bytesOf(schema, name, (start, end) => {
          this.valueStart = start;
          this.valueEnd = end;
        });
      case 'topic':
        return bytesOf(schema, name, (start, end) => {
          if (start < 0) throw isNull(name);
          this.topicStart = start;
          this.topicEnd = end;
        });
      case 'partition':
        return numberOf(schema, name, (value) => (this.partition = partitionIn(value)));
      case 'offset':
        return offsetOf(schema, this.offset);
      case 'timestamp':
        return longOf(schema, name, this.timestamp, true);
      case 'timestampType': {
        const type = withoutNull(schema)?.type;
        if (type !== 'int' && type !== 'long') return skips.compile(schema, name);
        // Null is the same as no such column.
        return numberOf(
          schema,
          name,
          (value) => (this.appendTime = value === TIMESTAMP_TYPES.append),
          () => undefined,
        );
      }
      case 'headers':
        return this.#headers(schema, skips);
      default:
        return skips.compile(schema, name);
    }
  }

  #headers(schema: AvroSchema, skips: SkipCompiler): Read {
    const array = withoutNull(schema);
    const items = array?.type === 'array' ? array.items : undefined;
    const header = items === undefined ? undefined : withoutNull(items);
    if (items === undefined || header?.type !== 'record') return skips.compile(schema, 'headers');
    const put = (place: number) => (start: number, end: number) => {
      const at = this.headerCount * 4 + place;
      if (at + 1 >= this.headers.length) this.#growHeaders();
      this.headers[at] = start;
      this.headers[at + 1] = end;
    };
    const fields = header.fields.map((field): Skip => {
      const where = `headers.${field.name}`;
      if (field.name === 'value') return bytesOf(field.schema, where, put(2));
      if (field.name !== 'key') return skips.compile(field.schema, where);
      const key = put(0);
      return bytesOf(field.schema, where, (start, end) => {
        if (start < 0) throw isNull(where);
        key(start, end);
      });
    });
    const one = orNull(
      items,
      'headers',
      (from) => {
        for (const field of fields) field(from);
        this.headerCount += 1;
      },
      () => {
        throw isNull('a header');
      },
    );
    const width = minimumWidth(items);
    const all: Read = (from) => {
      for (let count = from.blockCount(width, 'headers'); count > 0; count = from.blockCount(width, 'headers')) {
        const { blockEnd } = from;
        for (; count > 0; count -= 1) one(from);
        from.checkBlockEnd(blockEnd, 'headers');
      }
    };
    return orNull(schema, 'headers', all, () => undefined);
  }

  #growHeaders(): void {
    const grown = new Int32Array(this.headers.length * 2);
    grown.set(this.headers);
    this.headers = grown;
  }
}

/** The value of a union with null, in whichever order; or the value alone. */
function orNull(schema: AvroSchema, where: string, read: Read, none: Read): Read {
  if (schema.type !== 'union') return read;
  const branches = schema.branches.map(({ type }) => (type === 'null' ? none : read));
  return (from) => branches[from.index(branches.length, where, 'branch')]!(from);
}

function bytesOf(schema: AvroSchema, where: string, put: (start: number, end: number) => unknown): Read {
  return orNull(
    schema,
    where,
    (from) => {
      const length = from.length(where);
      put(from.position, (from.position += length));
    },
    () => void put(-1, -1),
  );
}

function numberOf(schema: AvroSchema, where: string, put: (value: number) => unknown, none?: Read): Read {
  return orNull(
    schema,
    where,
    (from) => {
      from.varint(where);
      put(from.long());
    },
    none ??
      (() => {
        throw isNull(where);
      }),
  );
}

function longOf(schema: AvroSchema, where: string, into: Int64, mayBeNull: boolean): Read {
  return orNull(
    schema,
    where,
    (from) => {
      from.varint(where);
      // Before zig-zag: bits 0 to 27, 28 to 55 and 56 to 63.
      const low = (from.low | (from.middle << 28)) >>> 0;
      const high = ((from.middle >>> 4) | (from.high << 24)) >>> 0;
      const sign = -(low & 1);
      into.lo = (((low >>> 1) | (high << 31)) ^ sign) >>> 0;
      into.hi = (high >>> 1) ^ sign;
    },
    () => {
      if (!mayBeNull) throw isNull(where);
      into.hi = -1;
      into.lo = 0xffffffff;
    },
  );
}

function offsetOf(schema: AvroSchema, offset: Int64): Read {
  const read = longOf(schema, 'offset', offset, false);
  return (from) => {
    read(from);
    if (offset.hi >= 0) return;
    throw new FormatError('corrupt', 'the offset of a record is none', {
      expected: '0 to 9223372036854775807',
      found: int64ToBigInt(offset.hi, offset.lo).toString(),
    });
  };
}

function partitionIn(value: number): number {
  if (value >= 0 && value < 2 ** 31) return value;
  throw new FormatError('corrupt', 'the partition of a record is none', {
    expected: '0 to 2147483647',
    found: String(value),
  });
}

function isNull(where: string): FormatError {
  return new FormatError('corrupt', `${where} of a record is null`, { expected: 'a value', found: 'null' });
}
