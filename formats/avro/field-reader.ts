import { ByteWriter } from '../byte-writer.ts';
import { Cursor } from './datum/cursor.ts';
import type { FieldAccess } from './datum/field-path.ts';
import { compilePath } from './datum/field-path.ts';
import { floatingReader } from './datum/floating.ts';
import { putDouble, putFloat, putInt, putLong } from './datum/json-numbers.ts';
import { checkFieldCount } from './datum/limits.ts';
import { guarded } from './datum/stack-guard.ts';
import { constantOf, putConstant, putVerbatim } from './datum/step.ts';
import type { AvroSchema } from './schema/schema.ts';

export interface FieldReader {
  /**
   * The field of the datum at `position` as the key of a Kafka message, in bytes that hold until the next call;
   * undefined: it (or a record around it) is null, and the message has no key.
   * @throws FormatError as Transcoder.transcode does, 'schema' where a union holds a type without the field
   */
  read(data: Uint8Array, position: number, end: number): Uint8Array | undefined;
}

/**
 * Compiles the way to a field that is a message's key: a string as the UTF-8 that it is in the file, int and long in
 * decimal, bytes and fixed as they are, an enum's symbol, true or false, float and double as in JSON (NaN and
 * infinities without quotes). Names are the writer's.
 * @throws FormatError 'schema' listing the fields that can be a key
 */
export function compileFieldReader(writer: AvroSchema, path: readonly string[]): FieldReader {
  checkFieldCount(writer);
  const access = compilePath(writer, path, keyOf, 'a key: anything but a record, an array or a map');
  const from = new Cursor();
  const key = new ByteWriter(256);
  return {
    read: (data, position, end) => {
      from.start(data, position, end);
      key.length = 0;
      try {
        return access(from, key) ? key.view() : undefined;
      } catch (error) {
        throw guarded(error, from);
      }
    },
  };
}

function keyOf(schema: AvroSchema, where: string): FieldAccess<ByteWriter> | undefined {
  switch (schema.type) {
    case 'string':
    case 'bytes':
      return (from, to) => {
        const length = from.length(where);
        putVerbatim(from, from.take(length, where), to);
        return true;
      };
    case 'fixed': {
      const { size } = schema;
      return (from, to) => {
        putVerbatim(from, from.take(size, where), to);
        return true;
      };
    }
    case 'int':
      return (from, to) => {
        putInt(from.int(where), to);
        return true;
      };
    case 'long':
      return (from, to) => {
        from.varint(where);
        putLong(from, to);
        return true;
      };
    case 'boolean':
      return (from, to) => {
        to.append(Buffer.from(from.boolean(where) === 0 ? 'false' : 'true'));
        return true;
      };
    case 'float':
    case 'double': {
      const { type } = schema;
      const read = floatingReader(type, type);
      return (from, to) => {
        const value = read(from, where);
        if (!Number.isFinite(value)) to.append(Buffer.from(String(value)));
        else if (type === 'float') putFloat(value, to);
        else putDouble(value, to);
        return true;
      };
    }
    case 'enum': {
      const symbols = schema.symbols.map((symbol) => constantOf(Buffer.from(symbol)));
      return (from, to) => {
        putConstant(symbols[from.index(symbols.length, where, 'symbol')]!, to);
        return true;
      };
    }
    default:
      return undefined;
  }
}
