import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { compress } from 'snappy';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { putLong, putString } from './avro-binary.ts';

const deflate = promisify(deflateRaw) as (bytes: Uint8Array, options: { level: number }) => Promise<Buffer>;

export type ContainerCodec = 'null' | 'deflate' | 'snappy';

export interface AvroContainerOptions {
  /** JSON text of the writer schema. */
  schema: string;
  /** @default 'null', which the header does not name, as Camus leaves it without compression */
  codec?: ContainerCodec;
  /** @default 6, Camus's etl.deflate.level */
  deflateLevel?: number;
  /** Bytes of encoded records after which a block ends. @default 16000, Camus's etl.avro.writer.sync.interval */
  syncInterval?: number;
  /** 16 bytes. */
  sync: Uint8Array;
}

/** Bytes of a chunk that is handed on: uploads of single blocks of 16 KB would cost more than encoding them. */
const CHUNK = 256 * 1024;

/** Avro object container files, as Java's DataFileWriter lays them out (Avro specification 1.11, "Object Container Files"). */
export class AvroContainerWriter {
  private readonly options: AvroContainerOptions;

  constructor(options: AvroContainerOptions) {
    if (options.sync.length !== 16) throw new RangeError(`a sync marker has 16 bytes, not ${options.sync.length}`);
    this.options = options;
  }

  /** The bytes of a file of `count` records; `encode` appends the record with the given ordinal. */
  async *chunks(count: number, encode: (ordinal: number, out: ByteWriter) => void): AsyncGenerator<Uint8Array> {
    const syncInterval = this.options.syncInterval ?? 16000;
    const block = new ByteWriter(syncInterval + 8192);
    let chunk = this.header();
    let inBlock = 0;
    for (let ordinal = 0; ordinal < count; ordinal++) {
      encode(ordinal, block);
      inBlock++;
      if (block.length < syncInterval && ordinal < count - 1) continue;
      const data = await this.compressed(block.view());
      chunk.reserve(data.length + 64);
      putLong(chunk, inBlock);
      putLong(chunk, data.length);
      chunk.append(data);
      chunk.append(this.options.sync);
      block.length = 0;
      inBlock = 0;
      if (chunk.length >= CHUNK) {
        yield chunk.view();
        chunk = new ByteWriter(CHUNK + syncInterval + 8192);
      }
    }
    if (chunk.length > 0) yield chunk.view();
  }

  private header(): ByteWriter {
    const { schema, codec = 'null', sync } = this.options;
    const out = new ByteWriter(Buffer.byteLength(schema) + 1024);
    out.append(Buffer.from('Obj\x01', 'latin1'));
    putLong(out, codec === 'null' ? 1 : 2);
    putString(out, 'avro.schema');
    putString(out, schema);
    if (codec !== 'null') {
      putString(out, 'avro.codec');
      putString(out, codec);
    }
    putLong(out, 0);
    out.append(sync);
    return out;
  }

  private async compressed(bytes: Buffer): Promise<Uint8Array> {
    const { codec = 'null', deflateLevel = 6 } = this.options;
    if (codec === 'deflate') return deflate(bytes, { level: deflateLevel });
    if (codec === 'null') return bytes;
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(bytes));
    return Buffer.concat([await compress(bytes), checksum]);
  }
}
