import type { ByteWriter } from '../../byte-writer.ts';
import { copyWords, wordsOf } from '../../words.ts';
import type { Cursor } from './cursor.ts';

/** Reads one value of the writer's schema and appends what it is for the reader. */
export type Step = (from: Cursor, to: ByteWriter) => void;

/** Native copies are cheaper for more. */
const SHORT = 160;

/** Bytes that are the same in every record, as they are stored: four at a time. */
export interface Constant {
  size: number;
  /** Zeros behind the last byte are written over by what comes next. */
  words: Int32Array;
}

export function constantOf(bytes: Uint8Array): Constant {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  const words = wordsOf(padded);
  return {
    size: bytes.length,
    words: Int32Array.from({ length: padded.length / 4 }, (_, word) => words.getInt32(word * 4, true)),
  };
}

export function putConstant({ size, words }: Constant, to: ByteWriter): void {
  to.reserve(words.length * 4);
  const out = to.words;
  const start = to.length;
  for (let word = 0; word < words.length; word++) out.setInt32(start + word * 4, words[word]!, true);
  to.length = start + size;
}

/** Appends the bytes of the datum from `start` to the cursor. */
export function putVerbatim(from: Cursor, start: number, to: ByteWriter): void {
  const size = from.position - start;
  if (size > SHORT) return to.append(from.data, start, from.position);
  to.reserve(size);
  copyWords(from.words, start, from.position, to.words, to.length);
  to.length += size;
}
