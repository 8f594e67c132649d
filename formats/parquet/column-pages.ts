import { crc32 } from '@node-rs/crc32';
import type { ByteSource } from '../byte-source.ts';
import type { Decompress } from '../codecs/codec.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import { ChunkBytes } from './chunk-bytes.ts';
import type { ColumnChunk } from './footer.ts';
import { bitWidth, readHybrid } from './hybrid.ts';
import { readPageHeader, type PageHeader } from './page-header.ts';
import { pageValues } from './page-values.ts';
import { loadParquetCodec } from './parquet-codecs.ts';
import type { SchemaNode } from './schema-tree.ts';
import { ThriftEnd } from './thrift.ts';
import { plainValues, type ValueSlices } from './value-slices.ts';

/** A page of a column, decoded: a level each for every value, nulls too, and the values that are there. */
export interface Page {
  position: number;
  count: number;
  /** Undefined where all are 0. */
  repetition: Int32Array | undefined;
  /** Undefined where all are those of a value. */
  definition: Int32Array | undefined;
  values: ValueSlices;
}

/** As of a block of an Avro container file. */
const PAGE_LIMIT = 128 * 1024 * 1024;
/** parquet-avro ends a page after 20,000 rows. */
const PAGE_VALUES = 1 << 24;
const FIRST_LOOK = 64;
const LONGEST_HEADER = 1024 * 1024;

/** The data pages of a column chunk, one after the other. Memory holds one, the dictionary, and a window of the file. */
export class ColumnPages {
  readonly #bytes: ChunkBytes;
  readonly #chunk: ColumnChunk;
  readonly #node: SchemaNode;
  #dictionary: ValueSlices | undefined;
  #codec: Decompress | undefined;
  #read = 0;

  constructor(source: ByteSource, chunk: ColumnChunk, node: SchemaNode, window: number) {
    this.#bytes = new ChunkBytes(source, chunk, window);
    this.#chunk = chunk;
    this.#node = node;
  }

  /** The next page, or undefined at the end of the chunk. */
  async next(signal?: AbortSignal): Promise<Page | undefined> {
    this.#codec ??= await this.#loadCodec();
    while (this.#read < this.#chunk.values) {
      const { position } = this.#bytes;
      const header = await this.#header(signal);
      const body = (await this.#bytes.peek(header.compressed, signal)).subarray(0, header.compressed);
      this.#bytes.skip(header.compressed);
      try {
        const page = this.#decode(header, body, position);
        if (page !== undefined) return page;
      } catch (error) {
        throw withPosition(error, position, this.#bytes.position);
      }
    }
    return undefined;
  }

  /** The first page is the place of a codec that is not known: the footer names it for all. */
  async #loadCodec(): Promise<Decompress> {
    try {
      return await loadParquetCodec(this.#chunk.codec);
    } catch (error) {
      throw withPosition(error, this.#bytes.position, this.#chunk.end);
    }
  }

  async #header(signal?: AbortSignal): Promise<PageHeader> {
    const { position } = this.#bytes;
    for (let look = FIRST_LOOK; ; look *= 4) {
      const bytes = await this.#bytes.peek(Math.min(look, Math.max(1, this.#bytes.left)), signal);
      try {
        const { header, length } = readPageHeader(bytes);
        this.#bytes.skip(length);
        return header;
      } catch (error) {
        const isWhole = bytes.length >= Math.min(this.#bytes.left, LONGEST_HEADER);
        if (!(error instanceof ThriftEnd)) throw withPosition(error, position, position + bytes.length);
        if (isWhole)
          throw new FormatError('corrupt', 'the header of a page is damaged', {
            position,
            noticedAt: position + bytes.length,
          });
      }
    }
  }

  #decode(header: PageHeader, body: Uint8Array, position: number): Page | undefined {
    if (header.crc !== undefined && crc32(body) !== header.crc)
      throw new FormatError('corrupt', 'the checksum of a page is wrong', {
        expected: `CRC-32 ${header.crc.toString(16)}`,
        found: `CRC-32 ${crc32(body).toString(16)} of the data`,
      });
    if (header.plain > PAGE_LIMIT)
      throw new FormatError('limit', 'a page is larger than the reader takes', {
        expected: `at most ${PAGE_LIMIT} bytes`,
        found: String(header.plain),
      });
    if (header.kind === 'index') return undefined;
    if (header.kind === 'dictionary') {
      this.#dictionary = plainValues(this.#plain(body, header.plain), this.#node.leaf!, header.values);
      return undefined;
    }
    if (header.values > PAGE_VALUES)
      throw new FormatError('limit', 'a page has more values than the reader takes', {
        expected: `at most ${PAGE_VALUES}`,
        found: String(header.values),
      });
    this.#read += header.values;
    if (this.#read > this.#chunk.values)
      throw new FormatError('corrupt', 'the pages of a column hold more values than the footer counts', {
        expected: String(this.#chunk.values),
        found: `${this.#read} or more`,
      });
    const { repetition, definition, rest } =
      header.levels === undefined ? this.#levels1(header, body) : this.#levels2(header, body, header.levels);
    const most = this.#node.definition;
    const there = definition === undefined ? header.values : count(definition, most);
    const values = pageValues(this.#node, header.encoding, rest, there, this.#dictionary);
    return { position, count: header.values, repetition, definition, values };
  }

  /** Version 1: all is compressed together, and each kind of levels comes after the number of its bytes. */
  #levels1(header: PageHeader, body: Uint8Array): Levels {
    let rest = this.#plain(body, header.plain);
    const levels = (most: number, areRead: boolean): Int32Array | undefined => {
      if (most === 0) return undefined;
      if (!areRead)
        throw new FormatError('unsupported', 'the levels of a page are in a way that is not read', { expected: 'RLE' });
      const length = rest.length < 4 ? Infinity : Buffer.from(rest.buffer, rest.byteOffset, 4).readUInt32LE();
      if (length > rest.length - 4) throw new FormatError('corrupt', 'a page ends before its levels do');
      const read = checked(readHybrid(rest.subarray(4, 4 + length), bitWidth(most), header.values), most);
      rest = rest.subarray(4 + length);
      return read;
    };
    const repetition = levels(this.#node.repeat, header.levelsAreRead.repetition);
    const definition = levels(this.#node.definition, header.levelsAreRead.definition);
    return { repetition, definition, rest };
  }

  /** Version 2: levels are not compressed, and the header has the number of their bytes. */
  #levels2(header: PageHeader, body: Uint8Array, lengths: NonNullable<PageHeader['levels']>): Levels {
    const values = lengths.repetition + lengths.definition;
    if (values > body.length || values > header.plain)
      throw new FormatError('corrupt', 'a page ends before its levels do');
    const levels = (from: number, length: number, most: number): Int32Array | undefined =>
      most === 0
        ? undefined
        : checked(readHybrid(body.subarray(from, from + length), bitWidth(most), header.values), most);
    const repetition = levels(0, lengths.repetition, this.#node.repeat);
    const definition = levels(lengths.repetition, lengths.definition, this.#node.definition);
    const rest = body.subarray(values);
    return { repetition, definition, rest: lengths.isCompressed ? this.#plain(rest, header.plain - values) : rest };
  }

  #plain(data: Uint8Array, length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0);
    const plain = this.#codec!(data, { limit: length });
    if (plain.length === length) return plain;
    throw new FormatError('corrupt', 'a page holds other bytes than its header says', {
      expected: `${length} bytes`,
      found: String(plain.length),
    });
  }
}

type Levels = Pick<Page, 'repetition' | 'definition'> & { rest: Uint8Array };

function checked(levels: Int32Array, most: number): Int32Array {
  for (const level of levels)
    if (level > most || level < 0)
      throw new FormatError('corrupt', 'a level is higher than its column has', {
        expected: `at most ${most}`,
        found: String(level),
      });
  return levels;
}

function count(levels: Int32Array, level: number): number {
  let found = 0;
  for (const one of levels) if (one === level) found += 1;
  return found;
}
