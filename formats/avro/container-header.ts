import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { ReadAhead } from '../read-ahead.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { decodeLong } from './container-long.ts';

export const SYNC_LENGTH = 16;

/** What the header of an Avro object container file holds (Avro 1.12 specification, 'Object Container Files'). */
export interface ContainerHeader {
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** `avro.schema`, checked to be JSON and no more. */
  readonly schemaJson: string;
  /** `avro.codec`, 'null' where there is none. */
  readonly codec: string;
  readonly syncMarker: Uint8Array;
  /** Bytes up to and with the header's sync marker: the position of the first block. */
  readonly headerLength: number;
}

const MAGIC = [0x4f, 0x62, 0x6a, 0x01];

/** The header parsed step by step; every error is one of the header, which begins at byte 0. */
class HeaderReader {
  readonly #reader: ReadAhead;
  readonly #limit: number;

  constructor(source: ByteSource, limit: number, signal: AbortSignal | undefined) {
    this.#reader = new ReadAhead(source, { softEnd: 0, signal });
    this.#limit = limit;
  }

  get position(): number {
    return this.#reader.position;
  }

  close(): void {
    this.#reader.close();
  }

  fault(fault: 'truncated' | 'corrupt' | 'limit', message: string, expected: string, found: string): FormatError {
    return new FormatError(fault, message, { position: 0, noticedAt: this.position, expected, found });
  }

  async bytes(length: number, what: string): Promise<Uint8Array> {
    if (length > this.#reader.remaining)
      throw this.fault(
        'truncated',
        `the header of the Avro container file ends too early, in ${what}`,
        `${length} bytes at byte ${this.position}`,
        `${this.#reader.remaining} bytes to the end of the file`,
      );
    if (this.position + length > this.#limit)
      throw this.fault(
        'limit',
        'the header of the Avro container file is larger than the limit headerLimit',
        `at most ${this.#limit} bytes`,
        `${what} of ${length} bytes at byte ${this.position}`,
      );
    await this.#reader.fill(length);
    return this.#reader.take(length);
  }

  async long(what: string): Promise<number> {
    const have = await this.#reader.fill(10);
    const { value, next } = decodeLong(this.#reader.buffer, this.#reader.at, this.#reader.at + have);
    if (next === 'truncated')
      throw this.fault(
        'truncated',
        'the header of the Avro container file ends too early',
        what,
        'the end of the file',
      );
    if (next === 'too long')
      throw this.fault(
        'corrupt',
        'a number in the header is no Avro long',
        `${what} of at most 10 bytes`,
        'more bytes',
      );
    this.#reader.take(next - this.#reader.at);
    return value;
  }

  async length(what: string): Promise<number> {
    const length = await this.long(`the length of ${what}`);
    if (length < 0)
      throw this.fault('corrupt', `the length of ${what} in the header is negative`, 'zero or more', `${length}`);
    return length;
  }
}

async function readMap(reader: HeaderReader): Promise<Map<string, Uint8Array>> {
  const map = new Map<string, Uint8Array>();
  for (;;) {
    const count = await reader.long('the number of metadata entries');
    if (count === 0) return map;
    // A negative count is followed by the byte size of its entries, which is of use only for passing over them.
    if (count < 0) await reader.length('a block of metadata entries');
    for (let i = 0; i < Math.abs(count); i++) {
      const key = await reader.bytes(await reader.length('a metadata key'), 'a metadata key');
      map.set(
        Buffer.from(key).toString('utf8'),
        await reader.bytes(await reader.length('a metadata value'), 'a value'),
      );
    }
  }
}

function text(bytes: Uint8Array, key: string, headerLength: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(key === 'avro.schema' ? 'schema' : 'corrupt', `${key} in the header is no UTF-8`, {
      position: 0,
      noticedAt: headerLength,
      cause,
    });
  }
}

function schemaOf(metadata: ReadonlyMap<string, Uint8Array>, headerLength: number): string {
  const facts = { position: 0, noticedAt: headerLength };
  const bytes = metadata.get('avro.schema');
  if (bytes === undefined)
    throw new FormatError('schema', 'the Avro container file has no schema', {
      ...facts,
      expected: 'avro.schema in the header',
      found: metadata.size === 0 ? 'no metadata' : [...metadata.keys()].join(', '),
    });
  const json = text(withoutMark(bytes), 'avro.schema', headerLength);
  try {
    JSON.parse(json);
  } catch (cause) {
    const found = json.length > 80 ? `${json.slice(0, 80)}...` : json;
    throw new FormatError('schema', 'avro.schema in the header is no JSON', {
      ...facts,
      expected: 'JSON',
      found,
      cause,
    });
  }
  return json;
}

/**
 * Reads and checks the header.
 * @param limit bytes that a header may have
 * @throws FormatError at position 0: 'corrupt' (magic, numbers), 'truncated', 'limit', 'schema'
 */
export async function readContainerHeader(
  source: ByteSource,
  limit: number,
  signal?: AbortSignal,
): Promise<ContainerHeader> {
  const reader = new HeaderReader(source, limit, signal);
  try {
    if (source.length === 0)
      throw reader.fault('truncated', 'not an Avro container file', 'the bytes "Obj" and 1', 'a file of no bytes');
    const magic = await reader.bytes(Math.min(MAGIC.length, source.length), 'the magic');
    if (!MAGIC.every((byte, i) => magic[i] === byte))
      throw reader.fault(
        'corrupt',
        'not an Avro container file',
        'the bytes "Obj" and 1',
        JSON.stringify(Buffer.from(magic).toString('latin1')),
      );
    const metadata = await readMap(reader);
    const syncMarker = (await reader.bytes(SYNC_LENGTH, 'the sync marker')).slice();
    const headerLength = reader.position;
    const codec = metadata.get('avro.codec');
    return {
      metadata,
      schemaJson: schemaOf(metadata, headerLength),
      codec: codec === undefined ? 'null' : text(codec, 'avro.codec', headerLength),
      syncMarker,
      headerLength,
    };
  } finally {
    reader.close();
  }
}
