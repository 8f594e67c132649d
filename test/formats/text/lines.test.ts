// Proves that lines come out byte for byte, in bounded memory, from every compression that Camus and Hadoop write,
// that cut and damaged streams are errors, and that however a plain file is split, each line is in exactly one split.
import { deflateSync, gzipSync } from 'node:zlib';
import { compress as zstandard, isLoaded } from '@foxglove/wasm-zstd';
import { compressSync } from 'snappy';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import type { StreamCompression } from '../../../formats/codecs/streams.ts';
import { detectFormat } from '../../../formats/detect.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { readLines } from '../../../formats/text/lines.ts';
import type { LineOptions, TextLine } from '../../../formats/text/lines.ts';
import { lineTimeReader } from '../../../formats/text/time.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import {
  badFiles,
  fixture,
  fixtureLines,
  fixturesBelow,
  fixtureText,
  formatErrorOf,
} from '../support/fixture-files.ts';

const MIB = 1024 * 1024;

async function read(bytes: Buffer, options: LineOptions = {}): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  for await (const line of readLines(bytesSource(bytes), options)) lines.push(line);
  return lines;
}

const texts = (lines: TextLine[]) => lines.map((line) => Buffer.from(line.bytes).toString());

async function compressionOf(path: string, bytes: Buffer): Promise<StreamCompression> {
  const detected = await detectFormat(bytesSource(bytes), path);
  return detected.format === 'text' ? detected.compression : 'none';
}

/** Hadoop's block framing around snappy, one block for each piece, chunks of 10 bytes. */
function hadoopSnappy(pieces: Uint8Array[]): Buffer {
  const framed = pieces.flatMap((piece) => {
    const head = Buffer.alloc(4);
    head.writeInt32BE(piece.length);
    const parts: Uint8Array[] = [head];
    for (let at = 0; at < piece.length; at += 10) {
      const chunk = compressSync(Buffer.from(piece.subarray(at, at + 10)));
      const length = Buffer.alloc(4);
      length.writeInt32BE(chunk.length);
      parts.push(length, chunk);
    }
    return parts;
  });
  return Buffer.concat(framed);
}

beforeAll(() => isLoaded);

describe('lines as Camus writes them', () => {
  const formats = JSON.parse(fixtureText('text/formats.json')) as Record<string, Record<string, string | null>>;

  it.each(Object.entries(formats))('%s: every line, and its time', async (topic, settings) => {
    const readTime = lineTimeReader({
      field: settings['camus.message.timestamp.field']!,
      format: settings['camus.message.timestamp.format']!,
    });
    const files = new Map<string, TextLine[]>();
    for (const path of fixturesBelow(`text/${topic}`)) {
      const bytes = fixture(path);
      files.set(path, await read(bytes, { compression: await compressionOf(path, bytes), window: 100 }));
    }
    const expected = fixtureText(`expected/text/${topic}.lines`).split('\n').slice(0, -1);
    const index = fixtureLines(`expected/text/${topic}.index.tsv`).map((line) => line.split('\t'));
    expect(expected).toHaveLength([...files.values()].flat().length);
    for (const [i, [time, path, ordinal]] of index.entries()) {
      const line = files.get(path!)![Number(ordinal)]!;
      const target = { hi: 0, lo: 0 };
      readTime(line.bytes, target);
      expect(Buffer.from(line.bytes).toString()).toBe(expected[i]);
      expect(line.ordinal).toBe(Number(ordinal));
      expect(int64ToBigInt(target.hi, target.lo)).toBe(BigInt(time!));
    }
  });
});

describe('a line', () => {
  it('ends with U+000A and with nothing else', async () => {
    const text = 'a\rb\r\n\n c\u2028d\u2029e\u0085f\u000bg\n';
    expect(texts(await read(Buffer.from(text)))).toEqual(['a\rb\r', '', ' c\u2028d\u2029e\u0085f\u000bg']);
  });

  it('keeps its bytes when they are no UTF-8, and may lack its end', async () => {
    const lines = await read(Buffer.from([0xff, 0x0a, 0xc3, 0x28, 0x00]));
    expect(lines.map((line) => [...line.bytes])).toEqual([[0xff], [0xc3, 0x28, 0x00]]);
    expect(lines.map(({ position, ordinal }) => [position, ordinal])).toEqual([
      [0, 0],
      [2, 1],
    ]);
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });

  it('may be as long as the limit and no longer, however it arrives', async () => {
    for (const window of [1, 7, 1000]) {
      const bytes = Buffer.from(`ab\n${'x'.repeat(100)}\ncd`);
      expect(await read(bytes, { lineLimit: 100, window })).toHaveLength(3);
      const error = await formatErrorOf(() => read(bytes, { lineLimit: 99, window }));
      expect([error.fault, error.facts.position, error.facts.ordinal]).toEqual(['limit', 3, 1]);
    }
  });
});

describe('compressed lines', () => {
  const plain = Buffer.from(Array.from({ length: 300 }, (_, i) => `line ${i} ${'y'.repeat(i % 90)}`).join('\n'));
  const half = plain.length >> 1;
  const halves = [plain.subarray(0, half), plain.subarray(half)];
  const files: [StreamCompression, () => Buffer][] = [
    ['none', () => plain],
    ['gzip', () => Buffer.concat(halves.map((part) => gzipSync(part)))],
    ['zlib', () => deflateSync(plain)],
    ['snappy', () => hadoopSnappy([Buffer.alloc(0), ...halves, Buffer.alloc(0)])],
    ['zstandard', () => Buffer.concat(halves.map((part) => zstandard(part)))],
  ];

  it.each(files)('%s: the same lines whatever the ranges are', async (compression, make) => {
    const bytes = make();
    for (const window of [7, 100, 4096, 1 << 20])
      expect(texts(await read(bytes, { compression, window }))).toEqual(plain.toString().split('\n'));
  });

  it.each(files.slice(1))('%s: an error wherever the stream is cut', async (compression, make) => {
    const bytes = make();
    const wholeParts = new Set<number>();
    for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 100)) {
      const outcome = await read(bytes.subarray(0, length), { compression }).catch((error: unknown) => error);
      if (!(outcome instanceof FormatError)) wholeParts.add(length);
    }
    // Between two members, frames or blocks nothing tells that more should follow.
    expect(wholeParts.size).toBeLessThanOrEqual(compression === 'zlib' ? 0 : 2);
  });

  it('may not be followed by other bytes', async () => {
    for (const [compression, make] of files.slice(1)) {
      const bytes = Buffer.concat([make(), Buffer.from('garbage')]);
      for (const window of [5, 1 << 20])
        expect((await formatErrorOf(() => read(bytes, { compression, window }))).fault).toMatch(/corrupt|truncated/);
    }
  });

  it('of zstandard are checked against their checksum', async () => {
    // `printf 'one\ntwo\n' | zstd --check`, and with another checksum.
    const bytes = Buffer.from('28b52ffd04584100006f6e650a74776f0a00000000', 'hex');
    expect((await formatErrorOf(() => read(bytes, { compression: 'zstandard' }))).facts.expected).toContain('checksum');
    const good = Buffer.from('28b52ffd04584100006f6e650a74776f0ae6a60e40', 'hex');
    expect(texts(await read(good, { compression: 'zstandard' }))).toEqual(['one', 'two']);
  });
});

describe('splits of a plain file', () => {
  it('hold each line exactly once, wherever the file is cut', async () => {
    const bytes = Buffer.from('\nfirst\n\n\nsecond line\nthird');
    const all = await read(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const parts = [
        ...(await read(bytes, { end: cut, window: 3 })),
        ...(await read(bytes, { start: cut, window: 3 })),
      ];
      expect(parts.map((line) => line.position)).toEqual(all.map((line) => line.position));
      expect(texts(parts)).toEqual(texts(all));
    }
  });

  it('are refused for a compressed one', async () => {
    await expect(read(gzipSync('a'), { compression: 'gzip', start: 1 })).rejects.toThrow('no splits');
  });
});

describe('bad text files', () => {
  it.each(badFiles('text'))('$file: $what', async ({ file, verdict, at, to, recordsBefore }) => {
    const bytes = fixture(file);
    const readTime = lineTimeReader({ field: 'ts', format: 'unix_milliseconds' });
    let records = 0;
    const run = async () => {
      for await (const line of readLines(bytesSource(bytes), { compression: await compressionOf(file, bytes) })) {
        try {
          readTime(line.bytes, { hi: 0, lo: 0 });
        } catch (error) {
          if (!(error instanceof FormatError) || line.bytes.length === 0) continue;
          throw new FormatError(error.fault, error.message, { ...error.facts, position: line.position });
        }
        records += 1;
      }
    };
    if (verdict === 'warn') {
      await run();
      return;
    }
    // Lines of the compressed fixtures have no field ts: what counts there is the stream.
    const streamOnly = async () => read(bytes, { compression: await compressionOf(file, bytes) });
    const error = await formatErrorOf(/\.(gz|snappy|deflate)$/.test(file) ? streamOnly : run);
    expect(error.facts.position).toBeGreaterThanOrEqual(at ?? 0);
    expect(error.facts.position).toBeLessThanOrEqual(to!);
    if (recordsBefore !== null) expect(records).toBe(recordsBefore);
    expect(error.fault === 'limit').toBe(verdict === 'limit');
  });

  it('holds no more of a line of 200 MiB than its limit and a few pieces before it is refused', async () => {
    const bomb = fixture('bad/text/one-line-bomb.gz');
    for (const lineLimit of [16 * MIB, undefined]) {
      const before = process.memoryUsage().arrayBuffers;
      const options = { compression: 'gzip', ...(lineLimit !== undefined && { lineLimit }) } as const;
      const { fault, facts } = await formatErrorOf(() => read(bomb, options));
      const limit = lineLimit ?? 128 * MIB;
      expect([fault, facts.expected]).toEqual(['limit', `at most ${limit} bytes`]);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(limit + 48 * MIB);
    }
  });
});
