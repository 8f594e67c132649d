import { crc32c } from '@node-rs/crc32';
import type { ByteSource } from '../../byte-source.ts';
import { FormatError } from '../../format-error.ts';
import { FieldReader } from './field-reader.ts';
import { decodeFooter } from './footer-decoder.ts';
import type { SortedFileFooter } from './footer-decoder.ts';
import { decodeHeader, hex } from './sorted-file-header.ts';
import {
  FIXED_HEADER_BYTES,
  MAGIC_BYTES,
  MAX_FINGERPRINT_BYTES,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './sorted-file-layout.ts';

export interface OpenSortedFileOptions {
  /** The sequence that the file must belong to; not checked unless given. */
  fingerprint?: string | undefined;
  /** Bytes to read from the end at first; a catalogue knows how many it takes. @default 64 KiB */
  tailBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A sorted file whose header and footer are right; its blocks are checked as they are read. */
export interface SortedFile extends SortedFileFooter {
  source: ByteSource;
}

const DEFAULT_TAIL_BYTES = 64 * 1024;
const LONGEST_HEADER = FIXED_HEADER_BYTES + MAX_FINGERPRINT_BYTES;

/** Reads the header and the footer of a sorted file, and nothing else. Throws FormatError. */
export async function openSortedFile(source: ByteSource, options: OpenSortedFileOptions = {}): Promise<SortedFile> {
  if (source.length < FIXED_HEADER_BYTES + 1 + TRAILER_BYTES)
    throw new FormatError('truncated', 'the file is too short for a sorted file: write it again', {
      position: source.length,
      expected: `at least ${FIXED_HEADER_BYTES + 1 + TRAILER_BYTES} bytes`,
      found: `${source.length} bytes`,
    });
  const tailBytes = Math.min(source.length, Math.max(TRAILER_BYTES, options.tailBytes ?? DEFAULT_TAIL_BYTES));
  const [head, tail] = await Promise.all([
    source.read(0, Math.min(LONGEST_HEADER, source.length), options.signal),
    source.read(source.length - tailBytes, tailBytes, options.signal),
  ]);
  const footer = decodeFooter(await footerReader(source, tail, options.signal));
  const header = decodeHeader(head.subarray(0, footer.dataStart), footer.dataStart);
  for (const fact of ['firstSplit', 'lastSplit', 'fingerprint'] as const)
    if (header[fact] !== footer[fact])
      throw new FormatError('corrupt', `header and footer of a sorted file differ in ${fact}: write the file again`, {
        position: 0,
        expected: `${footer[fact]}`,
        found: `${header[fact]}`,
      });
  if (options.fingerprint !== undefined && options.fingerprint !== footer.fingerprint)
    throw new FormatError('corrupt', "the sorted file is another job's: do not let two jobs share a staging folder", {
      position: 0,
      expected: `fingerprint ${options.fingerprint}`,
      found: `fingerprint ${footer.fingerprint}`,
    });
  return { ...footer, source };
}

/** Checks the trailer and the footer's checksum, and fetches what of the footer the tail does not hold. */
async function footerReader(source: ByteSource, tail: Uint8Array, signal?: AbortSignal): Promise<FieldReader> {
  const trailerAt = source.length - TRAILER_BYTES;
  const trailer = new FieldReader(tail.subarray(tail.length - TRAILER_BYTES), trailerAt);
  const length = trailer.u32('length of the footer');
  const expected = trailer.u32('checksum of the footer');
  const magic = Buffer.from(trailer.take(MAGIC_BYTES, 'trailer')).toString('latin1');
  if (magic !== TRAILER_MAGIC)
    throw new FormatError('truncated', 'the sorted file ends without its footer, so it was cut off: write it again', {
      position: source.length - MAGIC_BYTES,
      expected: TRAILER_MAGIC,
      found: JSON.stringify(magic),
    });
  if (length > trailerAt) trailer.fail('length of the footer', `at most ${trailerAt}`, `${length}`);
  const wanted = length + TRAILER_BYTES;
  const whole = tail.length >= wanted ? tail : await source.read(source.length - wanted, wanted, signal);
  const end = whole.length - TRAILER_BYTES;
  const found = crc32c(whole.subarray(end - length, end + 4));
  if (found !== expected)
    throw new FormatError('corrupt', 'the footer of the sorted file does not match its checksum: write it again', {
      position: trailerAt - length,
      noticedAt: trailerAt,
      expected: hex(expected),
      found: hex(found),
    });
  return new FieldReader(whole.subarray(end - length, end), trailerAt - length);
}
