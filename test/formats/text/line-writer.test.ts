/** Proves that lines come back byte for byte from every compression, within bounds of memory, and that Camus's plain files are matched to the byte. That Java reads them: test/integration/java. */
import { crc32c } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import { STREAM_WRITE_CODECS } from '../../../formats/codecs/compress/stream-compressor.ts';
import { detectFormat } from '../../../formats/detect.ts';
import { LINE_EXTENSIONS, openLineWriter } from '../../../formats/text/line-writer.ts';
import type { LineWriterOptions } from '../../../formats/text/line-writer.ts';
import { readLines } from '../../../formats/text/lines.ts';
import { FailingSink, MemorySink, SlowSink } from '../support/byte-sinks.ts';
import { fixture, fixturesBelow } from '../support/fixture-files.ts';

async function written(lines: readonly Uint8Array[], options: Omit<LineWriterOptions, 'sink'>): Promise<Buffer> {
  const sink = new MemorySink();
  const writer = await openLineWriter({ ...options, sink });
  for (const line of lines)
    if (!writer.append(Buffer.concat([Buffer.of(0), line]), 1, line.length + 1)) await writer.drained();
  const { bytes } = sink;
  const end = await writer.end();
  expect(bytes.length).toBeLessThanOrEqual(sink.bytes.length);
  expect(end).toEqual({ records: lines.length, length: sink.bytes.length, crc32c: crc32c(sink.bytes) });
  return sink.bytes;
}

function noise(length: number, seed: number): Buffer {
  let state = seed + 1;
  return Buffer.from(
    Array.from({ length }, () => 33 + (((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16) % 90)),
  );
}

describe('a file of lines', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => noise(i === 3 ? 700_000 : i % 300, i));

  it.each(
    STREAM_WRITE_CODECS.flatMap((compression) => [false, true].map((background) => ({ compression, background }))),
  )('comes back as it went in: $compression, background $background', async ({ compression, background }) => {
    const bytes = await written(lines, { compression, background });
    const detected = await detectFormat(bytesSource(bytes), `name.1${LINE_EXTENSIONS[compression]}`);
    expect(detected).toMatchObject({ format: 'text', compression });
    const read: string[] = [];
    for await (const line of readLines(bytesSource(bytes), { compression }))
      read.push(Buffer.from(line.bytes).toString('latin1'));
    expect(read).toEqual(lines.map((line) => line.toString('latin1')));
  });

  it.each(STREAM_WRITE_CODECS)('may be without a line: %s', async (compression) => {
    const bytes = await written([], { compression });
    const read = [];
    for await (const line of readLines(bytesSource(bytes), { compression })) read.push(line);
    expect(read).toEqual([]);
    expect(bytes.length > 0).toBe(compression !== 'none');
  });

  it.each(fixturesBelow('text').filter((path) => path.includes('/clicks_plain/')))(
    'is that of Camus where nothing is compressed: %s',
    async (path) => {
      const bytes = fixture(path);
      const camus: Uint8Array[] = [];
      for await (const line of readLines(bytesSource(bytes))) camus.push(line.bytes);
      expect((await written(camus, {})).equals(bytes)).toBe(true);
    },
  );

  it('may have any separator, or none', async () => {
    const two = [Buffer.from('a'), Buffer.from('b')];
    expect((await written(two, { separator: '<é>' })).toString()).toBe('a<é>b<é>');
    expect((await written(two, { separator: '' })).toString()).toBe('ab');
  });

  it.each(STREAM_WRITE_CODECS)('asks to be waited for while its sink takes nothing: %s', async (compression) => {
    const sink = new SlowSink();
    const writer = await openLineWriter({ compression, sink });
    let appended = 0;
    const most = 16 * 1024 * 1024;
    for (; appended < most && writer.append(noise(100_000, appended)); appended += 100_000)
      await new Promise((resolve) => setTimeout(resolve, 2));
    expect(appended).toBeLessThan(4 * 1024 * 1024);
    const pump = setInterval(() => sink.take(), 5);
    await writer.drained();
    const end = await writer.end();
    clearInterval(pump);
    expect(end.length).toBe(sink.length);
  });

  it.each(STREAM_WRITE_CODECS)("ends with its sink's error: %s", async (compression) => {
    const error = new Error('no room');
    const writer = await openLineWriter({ compression, sink: new FailingSink(1, error, true) });
    const writing = async () => {
      for (let i = 0; i < 100; i++) if (!writer.append(noise(50_000, i))) await writer.drained();
      await writer.end();
    };
    await expect(writing()).rejects.toBe(error);
  });

  it('has no level that its codec lacks', async () => {
    const sink = new MemorySink();
    await expect(openLineWriter({ compression: 'gzip', level: 10, sink })).rejects.toThrow('levels 0 to 9, not 10');
  });
});
