import avro from 'avsc';
import { uncompressSync } from 'snappy';
import { inflateRawSync } from 'node:zlib';

/** Longs as BigInt: avsc refuses those beyond 2^53 otherwise. */
export const bigintLong = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

export function avscType(schema: string): avro.Type {
  return avro.Type.forSchema(JSON.parse(schema) as avro.Schema, { registry: { long: bigintLong } });
}

/** For `JSON.stringify`: longs are numbers. */
export function plainLongs(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** The records of a container file as avsc, which knows nothing of our formats, reads them; with the schema of its header. */
export async function readContainer(bytes: Uint8Array): Promise<{ schema: string; records: unknown[] }> {
  let schema = '';
  const decoder = new avro.streams.BlockDecoder({
    parseHook: (text: avro.Schema) => {
      schema = typeof text === 'string' ? text : JSON.stringify(text);
      return avscType(schema);
    },
    codecs: {
      null: (data: Buffer, done: (error: Error | null, data: Buffer) => void) => done(null, data),
      deflate: (data: Buffer, done: (error: Error | null, data: Buffer) => void) => done(null, inflateRawSync(data)),
      snappy: (data: Buffer, done: (error: Error | null, data: Buffer) => void) =>
        done(null, uncompressSync(data.subarray(0, -4)) as Buffer),
    },
  });
  decoder.end(bytes);
  const records: unknown[] = [];
  for await (const record of decoder) records.push(record);
  return { schema, records };
}
