import { crc32 } from '@node-rs/crc32';
import { z } from 'zod';
import { openFileSource } from '../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { JobError } from './job-error.ts';

/** Decimal text of a 64-bit integer. */
export const int64 = z.string().regex(/^-?\d+$/);

/**
 * A file of JSON lines with a last line that says how many there are and what their checksum is: a file that was cut
 * is told from one that is whole, whatever a DataNode made of a broken connection. Large lists (plans, reports,
 * decisions) are kept in such files, and never in a workflow's history.
 */
export function* sealedLines(lines: Iterable<unknown>): Generator<Uint8Array> {
  let count = 0;
  let sum = 0;
  let chunk: string[] = [];
  let chars = 0;
  const flush = (): Uint8Array => {
    const bytes = Buffer.from(chunk.join(''));
    sum = crc32(bytes, sum);
    chunk = [];
    chars = 0;
    return bytes;
  };
  for (const line of lines) {
    const text = `${JSON.stringify(line)}\n`;
    chunk.push(text);
    count += 1;
    chars += text.length;
    if (chars >= CHUNK_CHARS) yield flush();
  }
  yield flush();
  yield Buffer.from(`${JSON.stringify({ end: true, lines: count, crc32: sum >>> 0 })}\n`);
}

const CHUNK_CHARS = 256 * 1024;

/**
 * Reads a file of sealed lines, each as `shape` has it; undefined where there is no such file.
 *
 * @throws JobError 'archive-file-damaged' for a file that is not whole, or a line that is not of the shape
 */
export async function readSealedLines<T>(
  store: FileStore,
  path: string,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T[] | undefined> {
  const status = await store.status(path, signal);
  if (status === undefined) return undefined;
  const source = openFileSource(store, status);
  const read = await source.read(0, status.length, signal);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength); // not a copy
  return parseSealedLines(bytes, path, shape);
}

export function parseSealedLines<T>(bytes: Buffer, path: string, shape: z.ZodType<T>): T[] {
  const sealAt = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  const damaged = (expected: string, found: string, position: number): JobError =>
    new JobError(
      'archive-file-damaged',
      `${path}, byte ${position}: expected ${expected}, found ${found}. The file is Rewind's own, and is not whole: look at HDFS (fsck), and start the archive again once it is restored.`,
      { path, position, expected, found },
    );
  const seal = jsonOf(bytes.subarray(sealAt).toString()) as
    { end?: unknown; lines?: unknown; crc32?: unknown } | undefined;
  if (seal?.end !== true) throw damaged('a last line that says the end', `${bytes.length} bytes without one`, sealAt);
  const body = bytes.subarray(0, sealAt);
  const sum = crc32(body) >>> 0;
  if (seal.crc32 !== sum) throw damaged(`the checksum ${String(seal.crc32)}`, `${sum}`, sealAt);
  const count = newlinesIn(body);
  if (seal.lines !== count) throw damaged(`${String(seal.lines)} lines`, `${count}`, sealAt);
  const lines: T[] = [];
  // Line by line: there may be millions of them, whose text is not held all at once.
  for (let position = 0; position < body.length;) {
    const end = body.indexOf(NEWLINE, position);
    const parsed = shape.safeParse(jsonOf(body.toString('utf8', position, end)));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw damaged('a line as this release writes it', `${issue?.path.join('.')}: ${issue?.message}`, position);
    }
    lines.push(parsed.data);
    position = end + 1;
  }
  return lines;
}

const NEWLINE = 0x0a;

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no value of any shape: the caller says where.
    return undefined;
  }
}
