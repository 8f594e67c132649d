import type { ByteSource } from './byte-source.ts';
import type { StreamCompression } from './codecs/streams.ts';
import { FormatError } from './format-error.ts';
import { markedEncoding } from './text/byte-order-mark.ts';

/** What a file is. */
export type DetectedFormat =
  { format: 'avro' } | { format: 'sequence-file' } | { format: 'text'; compression: StreamCompression };

/** Bytes of the file's start that are looked at. */
const LOOKED_AT = 18;

const EXTENSIONS: readonly (readonly [string, StreamCompression])[] = [
  ['.gz', 'gzip'],
  ['.deflate', 'zlib'],
  ['.snappy', 'snappy'],
  ['.lz4', 'lz4'],
  ['.zst', 'zstandard'],
];

function startsWith(head: Uint8Array, ...bytes: number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}

/** The usual zlib headers, less the one that is text ('x^'): a check of the header alone would take much text for it. */
function isZlib(head: Uint8Array): boolean {
  return head[0] === 0x78 && [0x01, 0x9c, 0xda].includes(head[1] ?? 0);
}

function unsupported(what: string): FormatError {
  return new FormatError('unsupported', `${what} is not read`, {
    position: 0,
    expected: 'an Avro container file, a SequenceFile, or text (plain in UTF-8, gzip, zlib, snappy, lz4, zstandard)',
    found: what,
  });
}

/**
 * Tells what a file is: by its first bytes where they are distinctive (Avro, SequenceFile, gzip, zstandard), else by
 * its name (Hadoop's framing of snappy and lz4 and zlib have no magic). A name is not believed against the bytes: a
 * file that is named for a compression that has a magic, and lacks it, is read as what it is named, so that it fails.
 *
 * @param name the file's name or path
 * @throws FormatError 'unsupported' for bzip2, xz, ORC, Parquet, text in UTF-16 or UTF-32
 */
export async function detectFormat(source: ByteSource, name: string, signal?: AbortSignal): Promise<DetectedFormat> {
  const head = await source.read(0, Math.min(LOOKED_AT, source.length), signal);
  if (startsWith(head, 0x4f, 0x62, 0x6a, 0x01)) return { format: 'avro' };
  if (startsWith(head, 0x53, 0x45, 0x51) && head.length > 3 && head[3]! <= 6) return { format: 'sequence-file' };
  if (startsWith(head, 0x1f, 0x8b)) return { format: 'text', compression: 'gzip' };
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return { format: 'text', compression: 'zstandard' };
  if (startsWith(head, 0x42, 0x5a, 0x68) && head.length > 9 && head[4] === 0x31)
    throw unsupported('bzip2-compressed text');
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) throw unsupported('xz-compressed text');
  if (startsWith(head, 0x50, 0x41, 0x52, 0x31)) throw unsupported('Parquet');
  if (startsWith(head, 0x4f, 0x52, 0x43)) throw unsupported('ORC');
  const lower = name.toLowerCase();
  if (lower.endsWith('.avro')) return { format: 'avro' };
  if (lower.endsWith('.seq')) return { format: 'sequence-file' };
  const named = EXTENSIONS.find(([extension]) => lower.endsWith(extension))?.[1];
  if (named !== undefined) return { format: 'text', compression: named };
  const encoding = markedEncoding(head);
  if (encoding !== undefined && encoding !== 'UTF-8') throw unsupported(`text in ${encoding}`);
  return { format: 'text', compression: isZlib(head) ? 'zlib' : 'none' };
}
