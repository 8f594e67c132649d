import { crc32c } from '@node-rs/crc32';
import { FormatError } from '../../format-error.ts';
import { FieldReader } from './field-reader.ts';
import { FieldWriter } from './field-writer.ts';
import { FIXED_HEADER_BYTES, HEADER_MAGIC, MAGIC_BYTES, MAX_FINGERPRINT_BYTES, VERSION } from './sorted-file-layout.ts';

export interface SortedFileHeader {
  firstSplit: number;
  lastSplit: number;
  /** 1 to 128 bytes of text. */
  fingerprint: string;
}

export function encodeHeader({ firstSplit, lastSplit, fingerprint }: SortedFileHeader): Uint8Array {
  const text = Buffer.from(fingerprint);
  if (text.length === 0 || text.length > MAX_FINGERPRINT_BYTES)
    throw new RangeError(`a fingerprint has 1 to ${MAX_FINGERPRINT_BYTES} bytes, not ${text.length}`);
  const fields = new FieldWriter()
    .bytes(Buffer.from(HEADER_MAGIC))
    .u16(VERSION)
    .u16(text.length)
    .u32(firstSplit)
    .u32(lastSplit)
    .bytes(text);
  return Buffer.from(fields.u32(crc32c(fields.view())).view());
}

/** Reads a header from the first bytes of a file, of which `length` belong to it. Throws FormatError. */
export function decodeHeader(head: Uint8Array, length: number): SortedFileHeader {
  const reader = new FieldReader(head.subarray(0, Math.min(length, head.length)), 0);
  const magic = Buffer.from(reader.take(MAGIC_BYTES, 'header')).toString('latin1');
  if (magic !== HEADER_MAGIC) reader.fail('first bytes', HEADER_MAGIC, JSON.stringify(magic));
  const version = reader.u16('version');
  const textLength = reader.u16('length of the fingerprint');
  if (FIXED_HEADER_BYTES + textLength !== length || length !== head.length)
    reader.fail('length of the header', `${length} bytes`, `${FIXED_HEADER_BYTES + textLength} bytes`);
  const found = crc32c(head.subarray(0, length - 4));
  const expected = reader.view.getUint32(length - 4, true);
  if (found !== expected) reader.fail('checksum of the header', hex(expected), hex(found));
  if (version !== VERSION)
    throw new FormatError('unsupported', 'this version of sorted files is not known: use the release that wrote it', {
      position: MAGIC_BYTES,
      expected: `version ${VERSION}`,
      found: `version ${version}`,
    });
  const [firstSplit, lastSplit] = [reader.u32('first split'), reader.u32('last split')];
  return { firstSplit, lastSplit, fingerprint: Buffer.from(reader.take(textLength, 'fingerprint')).toString() };
}

/** A checksum for a message. */
export function hex(checksum: number): string {
  return `0x${checksum.toString(16).padStart(8, '0')}`;
}
