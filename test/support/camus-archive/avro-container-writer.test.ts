// Proves that the container files of the test archives are those that Java writes: byte for byte where a fixture of
// Java's is there to compare with, and by reading them with avsc and with our own reader for every codec.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openContainer } from '../../../formats/avro/container.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { AvroContainerWriter } from './avro-container-writer.ts';
import { Draws } from './draws.ts';
import { SCHEMAS, putPageView } from './page-view-schema.ts';
import { pageViewAt } from './page-view.ts';
import { avscType, readContainer } from './read-back.ts';
import type { ContainerCodec } from './avro-container-writer.ts';

const sync = new Draws(1).bytes(16);

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

function pageViews(codec: ContainerCodec, count: number, syncInterval = 16_000): Promise<Buffer> {
  const writer = new AvroContainerWriter({ schema: SCHEMAS[2], codec, syncInterval, sync });
  return joined(
    writer.chunks(count, (ordinal, out) => {
      const place = {
        topic: 't',
        seed: 7,
        partition: 0,
        index: ordinal,
        offset: BigInt(ordinal),
        time: 1_414_000_000_000,
      };
      putPageView(out, pageViewAt(place, 2), 2);
    }),
  );
}

test.each([
  'ad_impressions/hourly/2014/11/02/06/ad_impressions.0.1.62.145.1414936800000.avro',
  'codecs/hourly/2014/11/02/01/codecs.1.1.30.150.1414915200000.avro',
])('records of a file of Java are written to the very same bytes: %s', async (path) => {
  const bytes = await readFile(new URL(`../../fixtures/camus/dest/${path}`, import.meta.url));
  const container = await openContainer(bytesSource(bytes));
  const type = avscType(container.schemaJson);
  const records: Uint8Array[] = [];
  for await (const block of container.blocks()) {
    const data = Buffer.from(block.data);
    for (let at = 0; at < data.length;) {
      const { offset } = type.decode(data, at) as { offset: number };
      records.push(data.subarray(at, offset));
      at = offset;
    }
  }
  const writer = new AvroContainerWriter({ schema: container.schemaJson, sync: container.syncMarker });
  const written = await joined(
    writer.chunks(records.length, (ordinal, out) => out.append(records[ordinal] as Uint8Array)),
  );
  expect(written.equals(bytes)).toBe(true);
});

test.each(['null', 'deflate', 'snappy'] as const)(
  'avsc and our own reader get every record of codec %s',
  async (codec) => {
    const bytes = await pageViews(codec, 300);
    const { records } = await readContainer(bytes);
    const container = await openContainer(bytesSource(bytes));
    const counts: number[] = [];
    let largest = 0;
    for await (const block of container.blocks()) {
      counts.push(block.count);
      largest = Math.max(largest, block.data.length);
    }
    expect(records.map((record) => (record as { eventId: string }).eventId)).toEqual(
      Array.from({ length: 300 }, (_, ordinal) => `t-0-${ordinal}`),
    );
    expect(container.codec).toBe(codec);
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.reduce((a, b) => a + b)).toBe(300);
    expect(largest).toBeGreaterThanOrEqual(16_000);
    expect(largest).toBeLessThan(17_000);
  },
);

test('blocks are as large as the sync interval says', async () => {
  const container = await openContainer(bytesSource(await pageViews('null', 8000, 1024 * 1024)));
  const lengths: number[] = [];
  for await (const block of container.blocks()) lengths.push(block.data.length);
  expect(lengths.length).toBe(3);
  expect(lengths[0]).toBeGreaterThanOrEqual(1024 * 1024);
});

test('a file without records is a header', async () => {
  const bytes = await pageViews('deflate', 0);
  const container = await openContainer(bytesSource(bytes));
  expect(container.headerLength).toBe(bytes.length);
});
