import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { WritableInput } from './writable-input.ts';

export const SEQUENCE_SYNC_LENGTH = 16;

/** The newest version, of Hadoop 0.21 to 3.4. */
const NEWEST = 6;

/** What the header of a SequenceFile holds (`org.apache.hadoop.io.SequenceFile.Reader.init`). */
export interface SequenceFileHeader {
  /** 1 to 6. Files of version 1 have no sync markers. */
  readonly version: number;
  readonly keyClass: string;
  readonly valueClass: string;
  /** What is compressed: nothing, each value, or keys and values of many records together. */
  readonly compression: 'none' | 'record' | 'block';
  /** Class name of the codec where there is compression. */
  readonly codecClass: string | undefined;
  readonly metadata: ReadonlyMap<string, string>;
  readonly syncMarker: Uint8Array | undefined;
  /** Bytes of the header: the position of the first record or block. */
  readonly headerLength: number;
}

function readMetadata(input: WritableInput): Map<string, string> {
  const metadata = new Map<string, string>();
  const count = input.int32('the number of metadata entries');
  if (count < 0)
    throw new FormatError('corrupt', 'the number of metadata entries is negative', {
      expected: 'zero or more',
      found: `${count}`,
    });
  for (let i = 0; i < count; i++) {
    const name = input.text('the name of a metadata entry');
    metadata.set(name, input.text(`the metadata entry ${name}`));
  }
  return metadata;
}

function parseHeader(input: WritableInput): SequenceFileHeader {
  const magic = input.take(Math.min(4, input.end), 'the magic');
  if (magic.length < 4 || magic[0] !== 0x53 || magic[1] !== 0x45 || magic[2] !== 0x51)
    throw new FormatError(magic.length === 0 ? 'truncated' : 'corrupt', 'not a SequenceFile', {
      expected: `the bytes "SEQ" and a version from 1 to ${NEWEST}`,
      found: magic.length === 0 ? 'a file of no bytes' : JSON.stringify(Buffer.from(magic).toString('latin1')),
    });
  const version = magic[3]!;
  if (version < 1 || version > NEWEST)
    throw new FormatError('unsupported', 'not a SequenceFile, or one of a version that this reader does not know', {
      expected: `a version from 1 to ${NEWEST}`,
      found: `${version}`,
    });
  const className = (what: string) => (version < 4 ? input.modifiedUtf8(what) : input.text(what));
  const keyClass = className('the key class');
  const valueClass = className('the value class');
  const compressed = version > 2 && input.boolean('the flag of compression');
  const blocks = version >= 4 && input.boolean('the flag of block compression');
  const named = compressed && version >= 5;
  const codecClass = named ? input.text('the codec class') : 'org.apache.hadoop.io.compress.DefaultCodec';
  const metadata = version >= 6 ? readMetadata(input) : new Map<string, string>();
  const syncMarker = version > 1 ? input.take(SEQUENCE_SYNC_LENGTH, 'the sync marker').slice() : undefined;
  return {
    version,
    keyClass,
    valueClass,
    compression: !compressed ? 'none' : blocks ? 'block' : 'record',
    codecClass: compressed ? codecClass : undefined,
    metadata,
    syncMarker,
    headerLength: input.at,
  };
}

/**
 * Parses the header out of the first bytes of a file, fetching more of them until the header is whole.
 * @param head the first bytes of the file
 * @param limit bytes that a header may have
 * @throws FormatError at position 0
 */
export async function readSequenceFileHeader(
  source: ByteSource,
  head: Uint8Array,
  limit: number,
  signal?: AbortSignal,
): Promise<SequenceFileHeader> {
  const most = Math.min(limit, source.length);
  for (let bytes = head; ; bytes = await source.read(0, Math.min(bytes.length * 4, most), signal)) {
    const input = new WritableInput(bytes);
    try {
      const header = parseHeader(input);
      if (header.headerLength <= limit) return header;
      throw new FormatError('limit', 'it is larger than the limit headerLimit', {
        expected: `at most ${limit} bytes`,
        found: `${header.headerLength}`,
      });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      if (error.fault === 'truncated' && bytes.length < most && bytes.length > 0) continue;
      const overLimit = error.fault === 'truncated' && bytes.length < source.length;
      throw new FormatError(
        overLimit ? 'limit' : error.fault,
        overLimit
          ? 'the header is larger than the limit headerLimit'
          : `the header of the SequenceFile: ${error.message}`,
        {
          ...error.facts,
          ...(overLimit ? { expected: `at most ${limit} bytes` } : {}),
          position: 0,
          noticedAt: input.at,
        },
      );
    }
  }
}
