// Proves of every codec, of Avro and of Hadoop: what the reference programs wrote comes out exactly, not one byte
// more than the limit does, and data that are cut or damaged are errors.
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { compress as zstandard, isLoaded } from '@foxglove/wasm-zstd';
import { compressSync } from 'snappy';
import { beforeAll, describe, expect, it } from 'vitest';
import { decompress, loadAvroCodec } from '../../../formats/codecs/avro-codecs.ts';
import { loadHadoopCodec } from '../../../formats/codecs/hadoop-codecs.ts';
import { lz4Raw } from '../../../formats/codecs/lz4.ts';
import { snappyRaw } from '../../../formats/codecs/snappy.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { formatErrorOf } from '../support/fixture-files.ts';

const TEXT = Buffer.from('abcabcabcabcabcabcabcabcabcabcabc the end of it all');

// What the programs zstd, bzip2, xz and lz4 made of TEXT.
const ZSTANDARD = '28b52ffd0458dd0000a86162632074686520656e64206f6620697420616c6c01008a6e08ad635309';
const ZSTANDARD_WITHOUT_CHECKSUM = '28b52ffd0058dd0000a86162632074686520656e64206f6620697420616c6c01008a6e08';
const BZIP2 =
  '425a6839314159265359b96195ff000007918040003f658400200021940da8d94201a009492245d2247490ef71e527a98f8bb9229c28485cb0caff80';
const XZ =
  'fd377a585a000004e6d6b4460200210116000000742fe5a3e00032001b5d00309888ab033cb4634447521186c46ca336a0e82743218ff9c8e25000001cbe2f2f7aa368d1000137330974510f1fb6f37d010000000004595a';
const XZ_CRC32 =
  'fd377a585a0000016922de360200210116000000742fe5a3e00032001b5d00309888ab033cb4634447521186c46ca336a0e82743218ff9c8e2500000fc76d943000133330db13d6b9042990d010000000001595a';
const XZ_SHA256 =
  'fd377a585a00000ae1fb0ca10200210116000000742fe5a3e00032001b5d00309888ab033cb4634447521186c46ca336a0e82743218ff9c8e2500000f5e56c03b134f9f8c91bd801e5834f9b45059f34c7a1f19f1cc41fff7663413600014f33f787b7e8189b4b9a01000000000a595a';
const LZ4 = '3f61626303000bf0032074686520656e64206f6620697420616c6c';

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function withCrc(data: Buffer, plain: Buffer): Buffer {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(plain));
  return Buffer.concat([data, crc]);
}

/** One block of Hadoop's framing, of one chunk. */
function framed(chunk: Buffer, length: number): Buffer {
  return Buffer.concat([int32(length), int32(chunk.length), chunk]);
}

const fromHex = (hex: string) => Buffer.from(hex, 'hex');
const AVRO: [string, Buffer][] = [
  ['null', TEXT],
  ['deflate', deflateRawSync(TEXT)],
  ['snappy', withCrc(compressSync(TEXT), TEXT)],
  ['zstandard', fromHex(ZSTANDARD)],
  ['bzip2', fromHex(BZIP2)],
  ['xz', fromHex(XZ)],
];
const HADOOP: [string, Buffer][] = [
  ['DefaultCodec', deflateSync(TEXT)],
  ['DeflateCodec', deflateSync(TEXT)],
  ['GzipCodec', gzipSync(TEXT)],
  ['BZip2Codec', fromHex(BZIP2)],
  ['ZStandardCodec', fromHex(ZSTANDARD)],
  ['SnappyCodec', framed(compressSync(TEXT), TEXT.length)],
  ['Lz4Codec', framed(fromHex(LZ4), TEXT.length)],
];

type Run = (data: Uint8Array, limit?: number) => Promise<Uint8Array>;
const all: [string, Buffer, Run][] = [
  ...AVRO.map(([name, data]): [string, Buffer, Run] => [
    `avro ${name}`,
    data,
    async (bytes, limit = 1000) => (await loadAvroCodec(name))(bytes, { limit }),
  ]),
  ...HADOOP.map(([name, data]): [string, Buffer, Run] => [
    `hadoop ${name}`,
    data,
    async (bytes, limit = 1000) => (await loadHadoopCodec(`org.apache.hadoop.io.compress.${name}`))(bytes, { limit }),
  ]),
];

beforeAll(() => isLoaded);

describe.each(all)('%s', (name, data, run) => {
  it('gives the bytes that went in', async () => {
    expect(Buffer.from(await run(data))).toEqual(TEXT);
  });

  it('gives as much as the limit and no byte more', async () => {
    expect(await run(data, TEXT.length)).toHaveLength(TEXT.length);
    expect((await formatErrorOf(() => run(data, TEXT.length - 1))).fault).toBe('limit');
  });

  // Without compression nothing tells that bytes are missing.
  if (name !== 'avro null')
    it('refuses data that are cut anywhere', async () => {
      for (
        let length = name.startsWith('hadoop') && data.readInt32BE(0) === TEXT.length ? 1 : 0;
        length < data.length;
        length++
      )
        expect((await formatErrorOf(() => run(data.subarray(0, length)))).fault).toMatch(/truncated|corrupt/);
    });

  // Raw deflate and LZ4 have no checksum: some changes can't be noticed.
  if (!/null|deflate|Lz4|SnappyCodec/.test(name))
    it('gives the same bytes or an error when a bit is changed', async () => {
      for (let bit = 0; bit < data.length * 8; bit += 3) {
        const damaged = Buffer.from(data);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        const outcome = await run(damaged).catch((error: unknown) => error);
        if (!(outcome instanceof FormatError)) expect(Buffer.from(outcome as Uint8Array)).toEqual(TEXT);
      }
    });
});

describe('several streams in one', () => {
  it.each([
    ['GzipCodec', gzipSync(TEXT)],
    ['BZip2Codec', fromHex(BZIP2)],
    ['ZStandardCodec', fromHex(ZSTANDARD_WITHOUT_CHECKSUM)],
    ['SnappyCodec', framed(compressSync(TEXT), TEXT.length)],
  ])('%s', async (name, data) => {
    const codec = await loadHadoopCodec(`org.apache.hadoop.io.compress.${name}`);
    expect(Buffer.from(codec(Buffer.concat([data, data]), { limit: 1000 }))).toEqual(Buffer.concat([TEXT, TEXT]));
    expect(() => codec(Buffer.concat([data, data]), { limit: TEXT.length * 2 - 1 })).toThrow('limit');
  });
});

describe('sizes that are only claimed', () => {
  it('are refused before they are allocated', async () => {
    const claim = Buffer.concat([fromHex('ffffffff0f'), Buffer.from('abc')]);
    expect(() => snappyRaw(claim, { limit: 2 ** 33 })).toThrow('damaged');
    expect(() => snappyRaw(claim, { limit: 1000 })).toThrow('limit');
    expect(() => snappyRaw(fromHex('ffffffffff01'), { limit: 2 ** 40 })).toThrow('damaged');
    // A frame of one byte repeated 2 MiB times, 500 times over.
    const run = fromHex('020010' + '41');
    const frame = Buffer.concat([fromHex('28b52ffd0058'), ...Array<Buffer>(500).fill(run), fromHex('010000')]);
    expect((await formatErrorOf(() => decompress('zstandard', frame, { limit: 1000 }))).fault).toBe('limit');
  });

  it('do not let a bomb take more memory than the limit', async () => {
    const limit = 1024 * 1024;
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    for (const [codec, bomb] of [
      ['deflate', deflateRawSync(zeros)],
      ['zstandard', zstandard(zeros)],
    ] as const) {
      const before = process.memoryUsage().arrayBuffers;
      expect((await formatErrorOf(() => decompress(codec, bomb, { limit }))).fault).toBe('limit');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * limit);
    }
  });
});

describe('details', () => {
  it('deflate gives every block whole, however those before it shrank', async () => {
    const sizes = [10, 200_000, 30, 1, 3_000_000, 5_000, 0, 700_000];
    for (const [index, size] of sizes.entries()) {
      const block = index % 2 === 0 ? Buffer.alloc(size, 7) : Buffer.from(TEXT.toString().repeat(size / 10));
      const { length } = block;
      expect(Buffer.from(await decompress('deflate', deflateRawSync(block), { limit: length })).equals(block)).toBe(
        true,
      );
      if (length > 1)
        await expect(decompress('deflate', deflateRawSync(block), { limit: length - 1 })).rejects.toMatchObject({
          fault: 'limit',
        });
    }
  });

  it('deflate may be followed by the rest of a checksum, as Python leaves it', async () => {
    const data = Buffer.concat([deflateRawSync(TEXT), Buffer.from([1, 2, 3])]);
    expect(Buffer.from(await decompress('deflate', data, { limit: 100 }))).toEqual(TEXT);
  });

  it('xz checks its CRC-32, and refuses a checksum that it can not check', async () => {
    expect(Buffer.from(await decompress('xz', fromHex(XZ_CRC32), { limit: 100 }))).toEqual(TEXT);
    expect((await formatErrorOf(() => decompress('xz', fromHex(XZ_SHA256), { limit: 100 }))).fault).toBe('unsupported');
  });

  it('zstandard refuses a dictionary by name', async () => {
    const data = fromHex('28b52ffd0158' + '07' + 'dd0000');
    expect((await formatErrorOf(() => decompress('zstandard', data, { limit: 100 }))).message).toContain('dictionary');
  });

  it('nothing compressed is nothing, in every codec', async () => {
    const empty = Buffer.alloc(0);
    for (const [name, data] of [
      ['deflate', deflateRawSync(empty)],
      ['snappy', withCrc(Buffer.from([0]), empty)],
      ['zstandard', zstandard(empty)],
      ['null', empty],
    ] as const)
      expect(await decompress(name, data, { limit: 0 })).toHaveLength(0);
    const snappy = await loadHadoopCodec('org.apache.hadoop.io.compress.SnappyCodec');
    expect(snappy(int32(0), { limit: 0 })).toHaveLength(0);
    expect(snappy(empty, { limit: 0 })).toHaveLength(0);
  });

  it('lz4 takes matches that overlap what they write, and refuses those that reach too far', () => {
    expect(lz4Raw(fromHex('1f61010002' + '10' + '62'), { limit: 100 }).toString()).toBe(`${'a'.repeat(22)}b`);
    expect(() => lz4Raw(fromHex('1f61020002' + '10' + '62'), { limit: 100 })).toThrow('damaged');
  });

  it('a chunk that holds more than its block says is damage', async () => {
    const codec = await loadHadoopCodec('org.apache.hadoop.io.compress.SnappyCodec');
    const data = framed(compressSync(TEXT), TEXT.length - 1);
    expect(() => codec(data, { limit: 1000 })).toThrow(expect.objectContaining({ fault: 'corrupt' }) as Error);
  });

  it('an unknown codec names those that are known', async () => {
    expect((await formatErrorOf(() => loadAvroCodec('lzma9'))).facts.expected).toContain('deflate, snappy, zstandard');
    const lzo = await formatErrorOf(() => loadHadoopCodec('com.hadoop.compression.lzo.LzoCodec'));
    expect([lzo.fault, lzo.facts.found]).toEqual(['unsupported', '"com.hadoop.compression.lzo.LzoCodec"']);
  });
});
