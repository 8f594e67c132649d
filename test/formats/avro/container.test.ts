// Proves that container files are read block by block exactly as they were written, that every damaged or cut file
// is an error at the right byte, and that however a file is split, each block is read exactly once.
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import type { BlockRange, ContainerBlock, ContainerOptions, SkippedBytes } from '../../../formats/avro/container.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { badFiles, fixture, fixturesBelow, formatErrorOf } from '../support/fixture-files.ts';
import { block, header, long, MARKER } from './container-bytes.ts';

async function read(bytes: Buffer, range: BlockRange = {}, options: ContainerOptions = {}): Promise<ContainerBlock[]> {
  const blocks: ContainerBlock[] = [];
  const container = await openContainer(bytesSource(bytes), options);
  for await (const one of container.blocks(range)) blocks.push(one);
  return blocks;
}

const places = (blocks: ContainerBlock[]) => blocks.map(({ position, end, count }) => ({ position, end, count }));

/** Faults of the records themselves, which whoever decodes the block sees. */
const ABOUT_RECORDS =
  /array-of-nulls|union-index|enum-index|deep-list|no-time|null-time|text-time|header-without-time|not-resolvable|field-without|null-for-string|string-length|invalid-schema|count-too/;

describe('good container files', () => {
  const files = fixturesBelow('camus/dest').filter((path) => /\.(\d+)\.\d+\.\d{13}\.avro$/.test(path));

  it.each(files)('%s has as many records as its name says', async (path) => {
    const expected = Number(/\.(\d+)\.\d+\.\d{13}\.avro$/.exec(path)![1]);
    const counts = (await read(fixture(path))).map((one) => one.count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected);
  });

  it('decompress to the same records with every codec that Java writes', async () => {
    const lengths = new Map<string, number>();
    for (const path of fixturesBelow('camus/dest/codecs')) {
      const container = await openContainer(bytesSource(fixture(path)));
      for await (const one of container.blocks()) {
        lengths.set(container.codec, (lengths.get(container.codec) ?? 0) + one.data.length);
      }
    }
    expect([...lengths.keys()].sort()).toEqual(['bzip2', 'deflate', 'null', 'snappy', 'xz', 'zstandard']);
  });

  it('give their header: metadata, schema, codec, marker', async () => {
    const container = await openContainer(bytesSource(header({ 'avro.codec': 'deflate', mine: 'ünï' })));
    expect(container.schemaJson).toBe('"bytes"');
    expect(container.codec).toBe('deflate');
    expect(Buffer.from(container.metadata.get('mine')!).toString()).toBe('ünï');
    expect(Buffer.from(container.syncMarker)).toEqual(MARKER);
    expect(container.headerLength).toBe(header({ 'avro.codec': 'deflate', mine: 'ünï' }).length);
  });

  it('may have metadata in blocks with a byte size, and blocks without records', async () => {
    const entry = Buffer.concat([long(11), Buffer.from('avro.schema'), long(6), Buffer.from('"null"')]);
    const head = Buffer.concat([Buffer.from('Obj\x01'), long(-1), long(entry.length), entry, long(0), MARKER]);
    expect(places(await read(Buffer.concat([head, block([]), block([Buffer.from('a')])])))).toHaveLength(2);
  });
});

describe('bad container files', () => {
  const bad = badFiles('avro').filter(
    (one) => ['error', 'limit'].includes(one.verdict) && !ABOUT_RECORDS.test(one.file),
  );

  it.each(bad)(
    '$file is an error at $at to $to, after $recordsBefore records',
    async ({ file, at, to, recordsBefore }) => {
      let records = 0;
      const error = await formatErrorOf(async () => {
        const container = await openContainer(bytesSource(fixture(file)));
        for await (const one of container.blocks()) records += one.count;
      });
      expect(error.facts.position).toBeGreaterThanOrEqual(at!);
      expect(error.facts.noticedAt ?? error.facts.position).toBeLessThanOrEqual(to!);
      expect(records).toBe(recordsBefore);
    },
  );

  it('are errors wherever they are cut, except between two blocks', async () => {
    const path = 'camus/dest/legacy07/hourly/2014/11/02/00/legacy07.3.1.26.3000754.avro';
    const whole = Buffer.concat([fixture(path), fixture(path).subarray(await headerLength(path))]);
    const ends = [await headerLength(path), ...(await read(whole)).map((one) => one.end)];
    for (let length = 0; length < whole.length; length++) {
      const outcome = await read(whole.subarray(0, length)).then(
        () => 'whole',
        (error: unknown) => (error instanceof FormatError ? error : Promise.reject(error as Error)),
      );
      if (ends.includes(length)) expect(outcome).toBe('whole');
      else expect(outcome).toBeInstanceOf(FormatError);
      if (outcome instanceof FormatError) expect(outcome.facts.position).toBeLessThanOrEqual(length);
    }
  });

  it('name the limit that a block, a header or decompressed data are beyond', async () => {
    const bytes = Buffer.concat([header(), block([Buffer.alloc(1000)])]);
    const error = await formatErrorOf(() => read(bytes, {}, { blockLimit: 999 }));
    expect([error.fault, error.message]).toEqual(['limit', 'a block is larger than the limit blockLimit']);
    expect((await formatErrorOf(() => read(bytes, {}, { headerLimit: 20 }))).message).toContain('headerLimit');
    expect((await formatErrorOf(() => read(bytes, {}, { decompressedLimit: 999 }))).fault).toBe('limit');
    expect(await read(bytes, {}, { blockLimit: 1002, decompressedLimit: 1002 })).toHaveLength(1);
  });
});

async function headerLength(path: string): Promise<number> {
  return (await openContainer(bytesSource(fixture(path)))).headerLength;
}

describe('splits', () => {
  const fake = Buffer.concat([Buffer.from('a'), MARKER, Buffer.from('zz')]);
  const wholeFrame = Buffer.concat([MARKER, block([Buffer.from('not a record')])]);
  const files: [string, Buffer][] = [
    ['deflate', fixture('camus/dest/codecs/hourly/2014/11/02/01/codecs.2.11.40.1175.1414915200000.avro')],
    ['the marker in the metadata', Buffer.concat([header({ mine: fake }), block([fake]), block([fake, fake])])],
    ['the marker in the data', Buffer.concat([header(), ...[1, 2, 3].map((n) => block(Array<Buffer>(n).fill(fake)))])],
    ['the marker at both ends of the data', Buffer.concat([header(), block([wholeFrame]), block([MARKER]), block([])])],
  ];

  it.each(files)('give each block exactly once, wherever the file is cut: %s', async (_, bytes) => {
    const all = await read(bytes);
    const step = Math.max(1, Math.floor(bytes.length / 600));
    for (let cut = 0; cut <= bytes.length; cut += step) {
      const parts = [...(await read(bytes, { end: cut })), ...(await read(bytes, { start: cut }))];
      expect(places(parts)).toEqual(places(all));
    }
  });

  it('hold the blocks whose first byte is in them', async () => {
    const [, bytes] = files[0]!;
    const all = await read(bytes);
    const [first, second, third] = all as [ContainerBlock, ContainerBlock, ContainerBlock];
    expect(places(await read(bytes, { start: second.position, end: third.position }))).toEqual(places([second]));
    expect(places(await read(bytes, { start: first.position + 1, end: second.position }))).toEqual([]);
    expect(places(await read(bytes, { start: 1, end: first.position + 1 }))).toEqual(places([first]));
    expect(places(await read(bytes, { start: bytes.length }))).toEqual([]);
  });

  it('do not pass over a broken block at their start in silence', async () => {
    const good = [block([Buffer.alloc(50)]), block([Buffer.alloc(60)]), block([Buffer.alloc(70)])];
    const bytes = Buffer.concat([header(), ...good]);
    const second = header().length + good[0]!.length;
    bytes[second + 1] = 0xff;
    for (let start = header().length + 1; start <= second; start++)
      expect((await formatErrorOf(() => read(bytes, { start }))).facts.position).toBe(second);
    expect(await read(bytes, { start: second + 1 })).toHaveLength(1);
  });
});

describe('skipping bad blocks', () => {
  async function skipping(bytes: Buffer, range: BlockRange = {}): Promise<[ContainerBlock[], SkippedBytes[]]> {
    const skipped: SkippedBytes[] = [];
    const onBadBlock = (_: FormatError, bytes: SkippedBytes) => {
      skipped.push(bytes);
      return 'skip' as const;
    };
    return [await read(bytes, { ...range, onBadBlock }), skipped];
  }

  it('goes on behind a block whose frame is whole, and says how many records it had', async () => {
    const [blocks, skipped] = await skipping(fixture('bad/avro/deflate-damaged.avro'));
    expect(skipped).toEqual([{ position: 1868, end: 2694, count: expect.any(Number) as number }]);
    expect(blocks[2]!.position).toBe(2694);
  });

  it('goes on at the next sync marker behind a broken frame', async () => {
    const [blocks, skipped] = await skipping(fixture('bad/avro/wrong-sync.avro'));
    expect(skipped).toHaveLength(1);
    expect(skipped[0]!.position).toBe(1868);
    expect(blocks.at(-1)!.end).toBe(fixture('bad/avro/wrong-sync.avro').length);
  });

  it('skips to the end of the file where no marker follows', async () => {
    const bytes = fixture('bad/avro/truncated-mid-block.avro');
    const [blocks, skipped] = await skipping(bytes);
    expect(blocks).toHaveLength(2);
    // The file ends, but the head of its last block is whole.
    expect(skipped).toEqual([{ position: 1868, end: bytes.length, count: 28 }]);
  });

  it('throws where it is told to', async () => {
    const onBadBlock = () => 'throw' as const;
    await expect(read(fixture('bad/avro/wrong-sync.avro'), { onBadBlock })).rejects.toThrow(FormatError);
  });

  it('skips the same bytes whatever the splits', async () => {
    for (const file of ['wrong-sync', 'block-count-negative', 'truncated-mid-block', 'deflate-damaged']) {
      const bytes = fixture(`bad/avro/${file}.avro`);
      const [all, allSkipped] = await skipping(bytes);
      for (let cut = 0; cut <= bytes.length; cut += 37) {
        const [left, leftSkipped] = await skipping(bytes, { end: cut });
        const [right, rightSkipped] = await skipping(bytes, { start: cut });
        expect(places([...left, ...right])).toEqual(places(all));
        expect([...leftSkipped, ...rightSkipped]).toEqual(allSkipped);
      }
    }
  });
});

describe('reading', () => {
  it('holds two ranges at most, reads none twice, and stops fetching when nobody reads on', async () => {
    const bytes = Buffer.concat([header(), ...Array.from({ length: 400 }, () => block([Buffer.alloc(1000)]))]);
    const ranges: [number, number][] = [];
    const source = {
      length: bytes.length,
      read: async (position: number, length: number) => {
        ranges.push([position, length]);
        return bytes.subarray(position, position + length);
      },
    };
    const container = await openContainer(source);
    ranges.length = 0;
    let blocks = 0;
    for await (const one of container.blocks({ window: 20_000 })) {
      blocks += 1;
      const fetched = Math.max(...ranges.map(([position, length]) => position + length));
      // Of the head, which was read to open it, the rest is at hand; the last range has two windows and a tail.
      expect(fetched - one.position).toBeLessThanOrEqual(64 * 1024 + 20_000);
    }
    expect(blocks).toBe(400);
    expect(ranges.reduce((sum, [, length]) => sum + length, 0)).toBe(bytes.length - 64 * 1024);
    ranges.length = 0;
    for await (const one of container.blocks({ window: 20_000 })) if (one.position > 30_000) break;
    expect(ranges.length).toBeLessThanOrEqual(4);
  });
});

it('an error names a count beyond 2^53 with all its digits', async () => {
  const bytes = Buffer.concat([header(), long(9007199254740993n), long(1), Buffer.from([0]), MARKER]);
  await expect(read(bytes)).rejects.toMatchObject({ facts: { found: '9007199254740993' } });
});
