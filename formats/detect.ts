import type { ByteSource } from './byte-source.ts';
import { FormatError } from './format-error.ts';
import { startsWith } from './record-format.ts';
import { recordFormat, RECORD_FORMAT_NAMES, type DetectedFormat } from './record-formats.ts';
import { markedEncoding } from './text/byte-order-mark.ts';

/** Bytes of the file's start that are looked at. */
const LOOKED_AT = 18;

function unsupported(what: string): FormatError {
  return new FormatError('unsupported', `${what} is not read`, {
    position: 0,
    expected:
      'an Avro container file, a SequenceFile, a Parquet file, or text (plain in UTF-8, gzip, zlib, snappy, lz4, zstandard)',
    found: what,
  });
}

/**
 * Tells what a file is: by its first bytes where they are distinctive (Avro, SequenceFile, Parquet, gzip, zstandard), else by
 * its name (Hadoop's framing of snappy and lz4 and zlib have no magic). A name is not believed against the bytes: a
 * file that is named for a compression that has a magic, and lacks it, is read as what it is named, so that it fails.
 *
 * @param name the file's name or path
 * @throws FormatError 'unsupported' for bzip2, xz, ORC, text in UTF-16 or UTF-32
 */
export async function detectFormat(source: ByteSource, name: string, signal?: AbortSignal): Promise<DetectedFormat> {
  const head = await source.read(0, Math.min(LOOKED_AT, source.length), signal);
  const formats = RECORD_FORMAT_NAMES.map((format) => recordFormat({ format }));
  for (const { byBytes } of formats) {
    const detected = byBytes(head);
    if (detected !== undefined) return detected;
  }
  if (startsWith(head, 0x42, 0x5a, 0x68) && head.length > 9 && head[4] === 0x31)
    throw unsupported('bzip2-compressed text');
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) throw unsupported('xz-compressed text');
  if (startsWith(head, 0x4f, 0x52, 0x43)) throw unsupported('ORC');
  const lower = name.toLowerCase();
  for (const { byName } of formats) {
    const detected = byName(lower, head);
    if (detected !== undefined) return detected;
  }
  throw unsupported(`text in ${markedEncoding(head) ?? 'an unknown encoding'}`);
}
