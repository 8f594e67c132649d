import { Cursor } from './datum/cursor.ts';
import { checkFieldCount } from './datum/limits.ts';
import { SkipCompiler } from './datum/skip-compiler.ts';
import { guarded } from './datum/stack-guard.ts';
import type { AvroSchema } from './schema/schema.ts';

/**
 * Gives the position after the datum at `position`, which must not go beyond `end`.
 * @throws FormatError 'truncated', 'corrupt' or 'limit', with `position` and `noticedAt` from the start of `data`
 */
export type SkipDatum = (data: Uint8Array, position: number, end: number) => number;

/** Compiles the way over a datum, for records that are passed on as they are. */
export function compileSkip(writer: AvroSchema): SkipDatum {
  checkFieldCount(writer);
  const skip = new SkipCompiler().compile(writer, 'the datum');
  const from = new Cursor();
  return (data, position, end) => {
    from.start(data, position, end);
    try {
      skip(from);
    } catch (error) {
      throw guarded(error, from);
    }
    return from.position;
  };
}
