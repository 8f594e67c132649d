import type { ByteWriter } from '../byte-writer.ts';
import { FormatError } from '../format-error.ts';
import { checkFieldCount } from './datum/limits.ts';
import { isSameEncoding } from './datum/same-encoding.ts';
import { resolve } from './schema/resolve.ts';
import type { AvroSchema } from './schema/schema.ts';
import { compileSkip } from './skip-datum.ts';
import { compileTranscoder } from './transcoder.ts';

/** Puts whole datums of one schema into a file of another, or of the same. */
export interface DatumWriter {
  /** Whether the bytes are copied once they are found to be well formed; else they are written anew. */
  readonly copies: boolean;
  /**
   * Appends the datum that is [position, end) of `data`. Nothing stays appended when it fails.
   * @throws FormatError 'truncated', 'corrupt' (also for bytes behind the datum) or 'limit' for bad bytes, 'schema' for a
   * value that has no place in the reader's schema; positions count from the start of `data`
   */
  append(data: Uint8Array, position: number, end: number, out: ByteWriter): void;
}

/**
 * Compiles the way of a datum from its message into a container file whose schema is `reader`. Where each value means
 * the same to both the datum is checked and copied, the blocks of its arrays and maps too; else it is resolved.
 * @throws FormatError 'schema' naming the field, for schemas that no datum can resolve; 'limit' for a schema in which
 * no bytes stand for millions of fields
 */
export function compileDatumWriter(writer: AvroSchema, reader: AvroSchema): DatumWriter {
  checkFieldCount(writer);
  checkFieldCount(reader);
  const copies = isSameEncoding(resolve(writer, reader), new Map(), 'blocks are kept');
  if (copies) {
    const skip = compileSkip(writer);
    return {
      copies,
      append: (data, position, end, out) => {
        checkEnd(skip(data, position, end), position, end);
        out.append(data, position, end);
      },
    };
  }
  const transcoder = compileTranscoder(writer, reader, 'avro-binary');
  return {
    copies,
    append: (data, position, end, out) => {
      const start = out.length;
      const reached = transcoder.transcode(data, position, end, out);
      if (reached !== end) out.length = start;
      checkEnd(reached, position, end);
    },
  };
}

function checkEnd(reached: number, position: number, end: number): void {
  if (reached === end) return;
  throw new FormatError('corrupt', 'bytes follow the end of the datum', {
    position,
    noticedAt: reached,
    expected: `the end of the datum after ${end - position} bytes`,
    found: `one after ${reached - position}: written with another schema, or something was added`,
  });
}
