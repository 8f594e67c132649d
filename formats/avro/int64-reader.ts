import type { Int64 } from '../int64.ts';
import { Cursor } from './datum/cursor.ts';
import type { FieldAccess } from './datum/field-path.ts';
import { compilePath } from './datum/field-path.ts';
import { checkFieldCount } from './datum/limits.ts';
import { guarded } from './datum/stack-guard.ts';
import type { AvroSchema } from './schema/schema.ts';

/** What one step of a time is, as the logical type of its field says. */
export type AvroTimeUnit = 'millis' | 'micros' | 'nanos';

export interface Int64Reader {
  /** Undefined where the field has no logical type of a timestamp. */
  readonly unit: AvroTimeUnit | undefined;
  /** The logical type of a field that is a date or a time of day, and so no point in time. */
  readonly noInstant: string | undefined;
  /**
   * Reads the field of the datum at `position` as it is in the file; false: it (or a record around it) is null.
   * @throws FormatError as Transcoder.transcode does, 'schema' where a union holds a type without the field
   */
  read(data: Uint8Array, position: number, end: number, into: Int64): boolean;
}

/**
 * Compiles the way to a field of type int or long, on its own or in a union, such as `['header', 'time']`. Names are
 * the writer's: the output schema doesn't matter.
 * @throws FormatError 'schema' listing the fields of type int and long that there are
 */
export function compileInt64Reader(writer: AvroSchema, path: readonly string[]): Int64Reader {
  checkFieldCount(writer);
  let unit: AvroTimeUnit | undefined;
  let noInstant: string | undefined;
  const access = compilePath<Int64>(
    writer,
    path,
    (schema, where) => {
      if (schema.type !== 'int' && schema.type !== 'long') return undefined;
      unit ??= unitOf(schema);
      noInstant ??= noInstantOf(schema);
      return schema.type === 'int' ? int(where) : long(where);
    },
    'a time: int or long',
  );
  const from = new Cursor();
  return {
    unit,
    noInstant,
    read: (data, position, end, into) => {
      from.start(data, position, end);
      try {
        return access(from, into);
      } catch (error) {
        throw guarded(error, from);
      }
    },
  };
}

function int(where: string): FieldAccess<Int64> {
  return (from, into) => {
    const value = from.int(where);
    into.hi = value < 0 ? -1 : 0;
    into.lo = value >>> 0;
    return true;
  };
}

function long(where: string): FieldAccess<Int64> {
  return (from, into) => {
    from.varint(where);
    const lo = from.low | (from.middle << 28);
    const hi = (from.middle >>> 4) | (from.high << 24);
    const sign = -(from.low & 1);
    into.hi = (hi >>> 1) ^ sign;
    into.lo = (((lo >>> 1) | (hi << 31)) ^ sign) >>> 0;
    return true;
  };
}

function noInstantOf(schema: AvroSchema): string | undefined {
  const name = 'logicalType' in schema ? schema.logicalType : undefined;
  return /^(?:date|time-(?:millis|micros|nanos))$/.exec(name ?? '')?.[0];
}

function unitOf(schema: AvroSchema): AvroTimeUnit | undefined {
  const name = 'logicalType' in schema ? schema.logicalType : undefined;
  return /^(?:local-)?timestamp-(millis|micros|nanos)$/.exec(name ?? '')?.[1] as AvroTimeUnit | undefined;
}
