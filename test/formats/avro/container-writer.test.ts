/**
 * Proves that container files are those that Java writes: byte for byte where a fixture of Java's isn't compressed,
 * header and blocks where it is; and that nothing but whole, well-formed datums gets into a file, within bounds of
 * memory, whatever the sink does. That Java reads them: test/integration/java.
 */
import { crc32c } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import { openContainerWriter, syncMarkerOf } from '../../../formats/avro/container-writer.ts';
import type { ContainerWriter, ContainerWriterOptions } from '../../../formats/avro/container-writer.ts';
import { compileDatumWriter } from '../../../formats/avro/datum-writer.ts';
import type { DatumWriter } from '../../../formats/avro/datum-writer.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { AVRO_WRITE_CODECS } from '../../../formats/codecs/compress/avro-compressors.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { FailingSink, MemorySink, SlowSink } from '../support/byte-sinks.ts';
import { fixture, fixturesBelow } from '../support/fixture-files.ts';
import { readContainerFile } from './support/fixture-records.ts';
import type { Datum } from './support/fixture-records.ts';

const WRITABLE = new Set<string>(AVRO_WRITE_CODECS);
const TEXT = JSON.stringify({ type: 'record', name: 'T', fields: [{ name: 'text', type: 'string' }] });
const text = compileDatumWriter(parseSchema(TEXT), parseSchema(TEXT));

function textDatum(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  const length = bytes.length * 2;
  const head = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** What can't be compressed, so that a file is about as long as its records. */
function noise(length: number, seed: number): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 90));
  }).join('');
}

async function appendAll(writer: ContainerWriter, datum: DatumWriter, records: readonly Datum[]): Promise<void> {
  for (const { data, position, end } of records) if (!writer.append(datum, data, position, end)) await writer.drained();
}

async function fileOf(options: Omit<ContainerWriterOptions, 'sink'>, records: readonly Datum[]) {
  const sink = new MemorySink();
  const writer = await openContainerWriter({ ...options, sink });
  const schema = parseSchema(options.schemaJson, { lenient: true });
  await appendAll(writer, compileDatumWriter(schema, schema), records);
  const written = await writer.end();
  return { bytes: sink.bytes, written };
}

async function blocksOf(bytes: Uint8Array) {
  const container = await openContainer(bytesSource(bytes));
  const blocks: { count: number; data: string }[] = [];
  for await (const { count, data } of container.blocks())
    blocks.push({ count, data: Buffer.from(data).toString('hex') });
  return { container, blocks };
}

describe('a container file written again from the records of one that Java wrote', () => {
  const files = fixturesBelow('camus/dest').filter((path) => path.endsWith('.avro'));
  let identical = 0;
  let sameBlocks = 0;

  it('has the same header, records and sync markers, and the same bytes where nothing is compressed', async () => {
    for (const path of files) {
      const bytes = fixture(path);
      const { container, blocks } = await blocksOf(bytes);
      if (!WRITABLE.has(container.codec)) continue;
      const { records } = await readContainerFile(path);
      const rewritten = await fileOf(
        {
          schemaJson: container.schemaJson,
          codec: container.codec as 'deflate',
          blockBytes: 16_000,
          syncMarker: container.syncMarker,
          metadata: [...container.metadata].filter(([key]) => !key.startsWith('avro.')),
        },
        records,
      );
      const again = await blocksOf(rewritten.bytes);
      // Java names the codec null where it was told to; both say the same.
      const named = container.codec === 'null' && container.metadata.has('avro.codec');
      if (named) (container.metadata as Map<string, Uint8Array>).delete('avro.codec');
      expect(again.container.metadata, path).toEqual(container.metadata);
      expect(again.container.syncMarker, path).toEqual(container.syncMarker);
      const joined = (parts: typeof blocks) => parts.map(({ data }) => data).join('');
      expect(joined(again.blocks), path).toBe(joined(blocks));
      expect(rewritten.written, path).toEqual({
        records: records.length,
        length: rewritten.bytes.length,
        crc32c: crc32c(rewritten.bytes),
      });
      const sameBlocksHere = JSON.stringify(again.blocks) === JSON.stringify(blocks);
      if (sameBlocksHere) sameBlocks++;
      if (named || !sameBlocksHere || container.codec !== 'null') continue;
      expect(rewritten.bytes.equals(bytes), path).toBe(true);
      identical++;
    }
    expect(files.length).toBeGreaterThan(100);
    expect(sameBlocks).toBeGreaterThan(100);
    expect(identical).toBeGreaterThan(10);
  });
});

describe('a container writer', () => {
  const records = Array.from({ length: 3000 }, (_, i) => {
    const data = textDatum(`${i} ${noise(i % 500, i)}`);
    return { data, position: 0, end: data.length };
  });
  const options = { schemaJson: TEXT, syncMarker: syncMarkerOf('a file') };

  it.each(AVRO_WRITE_CODECS)('writes with %s what the reader reads, in the background as in place', async (codec) => {
    const { bytes, written } = await fileOf({ ...options, codec, blockBytes: 20_000 }, records);
    const inBackground = await fileOf({ ...options, codec, blockBytes: 20_000, background: true }, records);
    expect(inBackground.bytes.equals(bytes)).toBe(true);
    expect(written).toEqual({ records: 3000, length: bytes.length, crc32c: crc32c(bytes) });
    const { blocks } = await blocksOf(bytes);
    expect(blocks.length).toBeGreaterThan(10);
    expect(blocks.map(({ data }) => data).join('')).toBe(
      Buffer.concat(records.map(({ data }) => data)).toString('hex'),
    );
    expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
  });

  it('compresses as told by the level', async () => {
    const sizes = await Promise.all([1, 9].map((level) => fileOf({ ...options, codec: 'deflate', level }, records)));
    expect(sizes[1]!.bytes.length).toBeLessThan(sizes[0]!.bytes.length);
  });

  it('makes the same sync marker of the same seed, and another of another', async () => {
    expect(syncMarkerOf('a')).toEqual(syncMarkerOf('a'));
    expect(syncMarkerOf('a')).not.toEqual(syncMarkerOf('b'));
    expect(syncMarkerOf('a')).toHaveLength(16);
  });

  it('writes a file without records that is a header alone', async () => {
    const { bytes, written } = await fileOf(options, []);
    expect((await blocksOf(bytes)).blocks).toEqual([]);
    expect(written.records).toBe(0);
  });

  it('leaves no byte of a datum that is cut, damaged or followed by others, and goes on', async () => {
    const sink = new MemorySink();
    const writer = await openContainerWriter({ ...options, sink });
    const good = textDatum('good');
    writer.append(text, good, 0, good.length);
    expect(() => writer.append(text, good, 0, good.length - 1)).toThrow('is longer than what is left');
    expect(() => writer.append(text, Buffer.concat([good, good]), 0, 2 * good.length)).toThrow(
      'bytes follow the end of the datum',
    );
    expect(() => writer.append(text, good, 0, 0)).toThrow('is cut off');
    writer.append(text, good, 0, good.length);
    expect((await writer.end()).records).toBe(2);
    const { blocks } = await blocksOf(sink.bytes);
    expect(blocks).toEqual([{ count: 2, data: Buffer.concat([good, good]).toString('hex') }]);
  });

  it('ends a block of records that take no byte', async () => {
    const nothing = JSON.stringify({ type: 'record', name: 'N', fields: [] });
    const datum = compileDatumWriter(parseSchema(nothing), parseSchema(nothing));
    const sink = new MemorySink();
    const writer = await openContainerWriter({ ...options, schemaJson: nothing, sink });
    for (let i = 0; i < (1 << 20) + 5; i++) writer.append(datum, new Uint8Array(0), 0, 0);
    await writer.end();
    expect((await blocksOf(sink.bytes)).blocks.map(({ count }) => count)).toEqual([1 << 20, 5]);
  });

  it.each([false, true])(
    'holds a bounded part of the file while its sink takes nothing (background: %s)',
    async (background) => {
      const sink = new SlowSink();
      const writer = await openContainerWriter({ ...options, codec: 'deflate', background, sink });
      let appended = 0;
      for (let more = true; more; appended += 2000)
        more = writer.append(text, textDatum(noise(2000, appended)), 0, 2002);
      expect(appended).toBeLessThan(4 * 1024 * 1024);
      if (!background) {
        let drained = false;
        const draining = writer.drained().then(() => (drained = true));
        await new Promise(setImmediate);
        expect(drained).toBe(false);
        sink.take();
        await draining;
      } else await writer.drained();
      const last = writer.end();
      const pump = setInterval(() => sink.take(), 1);
      expect((await last).length).toBe(sink.length);
      clearInterval(pump);
    },
  );

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("passes on its sink's error (later: %s, background: %s)", async (later, background) => {
    const error = new Error('no room');
    const sink = new FailingSink(1, error, later);
    const writer = await openContainerWriter({ ...options, codec: 'snappy', background, sink });
    const datum = textDatum(noise(3000, 2));
    const writing = async () => {
      for (let i = 0; i < 1000; i++) if (!writer.append(text, datum, 0, datum.length)) await writer.drained();
      await writer.end();
    };
    await expect(writing()).rejects.toBe(error);
    await expect(writer.end()).rejects.toBe(error);
  });

  it.each([
    ['a level that deflate lacks', { codec: 'deflate', level: 10 }, 'levels 0 to 9, not 10'],
    ['a level that zstandard lacks', { codec: 'zstandard', level: 0 }, 'levels 1 to 19, not 0'],
    ['a short sync marker', { syncMarker: new Uint8Array(15) }, '16 bytes, not 15'],
    ['a block of no byte', { blockBytes: 0 }, 'at least 1 byte, not 0'],
    ["Avro's own metadata", { metadata: [['avro.schema', '"int"']] }, 'avro.schema is one of'],
    [
      'metadata that comes twice',
      {
        metadata: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
      'a comes twice',
    ],
  ] as const)('refuses %s', async (_, changed, message) => {
    await expect(openContainerWriter({ ...options, ...changed, sink: new MemorySink() })).rejects.toThrow(message);
  });
});
