import type { ByteWriter } from '../byte-writer.ts';
import { BinarySteps } from './datum/binary-steps.ts';
import { Cursor } from './datum/cursor.ts';
import { JsonSteps } from './datum/json-steps.ts';
import { checkFieldCount } from './datum/limits.ts';
import { guarded } from './datum/stack-guard.ts';
import type { Step } from './datum/step.ts';
import { compileProgram } from './kernel/compile-program.ts';
import { sharedKernel } from './kernel/kernel.ts';
import type { Code } from './kernel/program.ts';
import { resolve } from './schema/resolve.ts';
import type { AvroSchema } from './schema/schema.ts';

/**
 * How a record is published.
 * - `avro-json`: as Java Avro's JsonEncoder writes it: a union's value in an object that names its branch, bytes and
 *   fixed as strings of U+0000 to U+00FF, NaN and infinities as strings, entries of a map in the order of the file
 *   (a key that comes twice comes twice).
 * - `json`: the same without the objects around the values of unions.
 * - `avro-binary`: Avro's binary encoding with the output schema, arrays and maps in one block; strings are not
 *   looked into, so that even those that are not UTF-8 stay as they are.
 */
export type RecordEncoding = 'avro-json' | 'avro-binary' | 'json';

export interface Transcoder {
  /**
   * Appends the datum at `position`, which must not go beyond `end`, and gives the position after it. Nothing stays
   * appended when it fails.
   * @throws FormatError 'truncated', 'corrupt' or 'limit' for bad bytes, 'schema' for a value that has no place in the
   * output schema; `position` (of the datum) and `noticedAt` count from the start of `data`. Its bytes don't change
   * while `position` ascends and `end` stays as it is.
   */
  transcode(data: Uint8Array, position: number, end: number, out: ByteWriter): number;
}

/**
 * Compiles the way from a writer's datum to the bytes that are published with the output schema `reader`, without
 * building the value: about a microsecond for a record of 300 bytes.
 * @throws FormatError 'schema' naming the field, for schemas that no datum can resolve; 'limit' for a schema in which
 * no bytes stand for millions of fields
 */
export function compileTranscoder(writer: AvroSchema, reader: AvroSchema, encoding: RecordEncoding): Transcoder {
  checkFieldCount(writer);
  checkFieldCount(reader);
  const action = resolve(writer, reader);
  if (encoding === 'avro-binary') return bySteps(new BinarySteps().compile(action, DATUM));
  const steps = new JsonSteps(encoding === 'avro-json');
  return byKernel(compileProgram(action, steps), bySteps(steps.compile(action, DATUM)));
}

const DATUM = 'the datum';

function bySteps(step: Step): Transcoder {
  const from = new Cursor();
  return {
    transcode: (data, position, end, out) => {
      const start = out.length;
      from.start(data, position, end, start);
      try {
        step(from, out);
      } catch (error) {
        out.length = start;
        throw guarded(error, from);
      }
      return from.position;
    },
  };
}

/** `steps` do what the kernel leaves to them, and say what is wrong with a datum. */
function byKernel(code: Code, steps: Transcoder): Transcoder {
  const kernel = sharedKernel();
  const program = kernel?.link(code);
  if (kernel === undefined || program === undefined) return steps;
  return {
    transcode: (data, position, end, out) => {
      const next = kernel.transcode(program, data, position, end, out);
      return next < 0 ? steps.transcode(data, position, end, out) : next;
    },
  };
}
