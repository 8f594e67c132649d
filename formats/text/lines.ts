import type { ByteSource } from '../byte-source.ts';
import { fileChunks } from '../codecs/chunks.ts';
import type { StreamOptions } from '../codecs/chunks.ts';
import { decompressedChunks } from '../codecs/streams.ts';
import type { StreamCompression } from '../codecs/streams.ts';
import { FormatError } from '../format-error.ts';

/** A line as it stands in the (decompressed) file. */
export interface TextLine {
  /** Its bytes, without the U+000A; a U+000D before that is part of the line. */
  bytes: Uint8Array;
  /** Position of its first byte: in the file, or in what it decompresses to. */
  position: number;
  /** Its number from 0: in the file, or in the split. */
  ordinal: number;
}

export interface LineOptions {
  /** @default 'none' */
  compression?: StreamCompression;
  /** Bytes that a line may have. @default 128 MiB */
  lineLimit?: number;
  /** Lines whose first byte is at or after this one; only without compression. @default 0 */
  start?: number;
  /** Lines whose first byte is before this one; only without compression. @default the file's length */
  end?: number;
  /** Bytes a read. @default 2 MiB */
  window?: number;
  signal?: AbortSignal;
}

const LINE_FEED = 0x0a;
/** As much as a block of Avro, or a record of a SequenceFile, may have: whatever an archive takes comes back from any of them. */
const DEFAULT_LINE_LIMIT = 128 * 1024 * 1024;

/** Cuts pieces of a stream into lines; a line that goes on in the next piece waits here. */
class LineCutter {
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;
  #position: number;
  #ordinal = 0;
  readonly #limit: number;

  constructor(position: number, limit: number) {
    this.#position = position;
    this.#limit = limit;
  }

  /** Position of the first byte of the line that comes next. */
  get position(): number {
    return this.#position;
  }

  /** The lines that end in `piece`, but none that begins at or after `end`. */
  cut(piece: Uint8Array, end: number): TextLine[] {
    const lines: TextLine[] = [];
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let from = 0;
    while (this.#position < end) {
      const to = bytes.indexOf(LINE_FEED, from);
      if (to < 0) break;
      lines.push(this.#line(bytes.subarray(from, to), 1));
      from = to + 1;
    }
    if (from < bytes.length) {
      this.#checkLength(this.#waitingLength + bytes.length - from);
      this.#waiting.push(bytes.subarray(from));
      this.#waitingLength += bytes.length - from;
    }
    return lines;
  }

  /** The last line, where it has no line end. */
  rest(): TextLine[] {
    return this.#waitingLength === 0 ? [] : [this.#line(new Uint8Array(0), 0)];
  }

  #line(tail: Uint8Array, terminator: number): TextLine {
    const length = this.#waitingLength + tail.length;
    this.#checkLength(length);
    const bytes = this.#waitingLength === 0 ? tail : Buffer.concat([...this.#waiting, tail], length);
    const line = { bytes, position: this.#position, ordinal: this.#ordinal };
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#position += length + terminator;
    this.#ordinal += 1;
    return line;
  }

  #checkLength(length: number): void {
    if (length <= this.#limit) return;
    throw new FormatError('limit', 'a line is longer than the limit lineLimit', {
      position: this.#position,
      noticedAt: this.#position + length,
      ordinal: this.#ordinal,
      expected: `at most ${this.#limit} bytes`,
      found: `${length} bytes or more`,
    });
  }
}

/** Position of the first line that begins at or after `start`: behind the first line end from `start - 1` on. */
async function firstLine(source: ByteSource, start: number, options: StreamOptions): Promise<number> {
  if (start <= 0) return 0;
  let position = start - 1;
  for await (const piece of fileChunks(source, { ...options, start: position, softEnd: position })) {
    const found = piece.indexOf(LINE_FEED);
    if (found >= 0) return position + found + 1;
    position += piece.length;
  }
  return source.length;
}

/**
 * The lines of a text file, those of one piece at a time, in bounded memory. A line ends with U+000A and with nothing
 * else; the last one may lack it; an empty line is a line of no bytes. What the bytes mean is not looked at.
 * Positions of lines count decompressed bytes; those of damage count the bytes of the file.
 *
 * @throws FormatError 'limit' for a line that is too long, and those of the decompression; lines before the fault are
 * given out first
 */
export async function* lineBatches(
  source: ByteSource,
  options: LineOptions = {},
): AsyncGenerator<TextLine[], void, undefined> {
  const { compression = 'none', lineLimit = DEFAULT_LINE_LIMIT, window, signal } = options;
  const { start = 0, end = Infinity } = options;
  if (compression !== 'none' && (start > 0 || end < source.length))
    throw new RangeError(`a ${compression} file has no splits: it can be read from its start only`);
  const stream = { signal, ...(window === undefined ? {} : { window }) };
  const first = await firstLine(source, start, stream);
  if (first >= end && first > 0) return;
  const lines = new LineCutter(first, lineLimit);
  const pieces =
    compression === 'none'
      ? fileChunks(source, { ...stream, start: first, softEnd: end })
      : decompressedChunks(source, compression, stream);
  for await (const piece of pieces) {
    const batch = lines.cut(piece, end);
    if (batch.length > 0) yield batch;
    if (lines.position >= end) return;
  }
  const rest = lines.rest();
  if (rest.length > 0) yield rest;
}

/** The lines one by one; loops over millions take `lineBatches`. */
export async function* readLines(
  source: ByteSource,
  options: LineOptions = {},
): AsyncGenerator<TextLine, void, undefined> {
  for await (const batch of lineBatches(source, options)) yield* batch;
}
