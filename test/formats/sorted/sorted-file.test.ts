// What is written to a sorted file comes out of it: entries, order, tables and facts, over every shape of sections and
// blocks, through ranges that cut blocks anywhere.
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../formats/byte-source.ts';
import type { ByteSource } from '../../../formats/byte-source.ts';
import { openSortedFile } from '../../../formats/sorted/file/open-sorted-file.ts';
import { SectionCursor } from '../../../formats/sorted/file/section-cursor.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import {
  fillOne,
  FINGERPRINT,
  inOrder,
  plainEntry,
  plainRecord,
  randomFrom,
  randomSplit,
  writeSplit,
} from './random-splits.ts';
import type { PlainRecord } from './random-splits.ts';

async function readAll(bytes: Uint8Array, rangeBytes: number): Promise<string[][]> {
  const sortedFile = await openSortedFile(bytesSource(bytes), { fingerprint: FINGERPRINT });
  const sections: string[][] = [];
  for (const section of sortedFile.sections) {
    const cursor = new SectionCursor(sortedFile, section, { rangeBytes });
    const entries: string[] = [];
    while (!cursor.ended) {
      while (cursor.advance()) entries.push(plainEntry(cursor));
      if (!cursor.ended) await cursor.fill();
    }
    sections.push(entries);
    cursor.close();
  }
  return sections;
}

function sectionsOf(records: PlainRecord[], sectionRecords: number): string[][] {
  const sections: string[][] = [];
  for (let from = 0; from < records.length; from += sectionRecords)
    sections.push(inOrder(records.slice(from, from + sectionRecords)).map(plainRecord));
  return sections;
}

describe('a sorted file', () => {
  it.each([1, 2, 3, 4])('gives back what was written (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    for (const [count, sectionRecords, blockBytes] of [
      [0, 10, 512],
      [1, 10, 512],
      [10, 10, 512],
      [500, 120, 512],
      [500, 1000, 100],
      [500, 33, 1 << 18],
      [40, 1, 512],
    ] as const) {
      const records = randomSplit({ split: 3, records: count, random, huge: 0.02 });
      const { bytes, file } = writeSplit('/out/3', 3, records, { sectionRecords, blockBytes });
      const expected = sectionsOf(records, sectionRecords);
      for (const rangeBytes of [1, 97, 4096, 1 << 20]) expect(await readAll(bytes, rangeBytes)).toEqual(expected);
      expect(file).toMatchObject({ records: count, length: bytes.length, firstSplit: 3, lastSplit: 3 });
      expect(file.sections.map((section) => section.records)).toEqual(expected.map((entries) => entries.length));
    }
  });

  it('tells counts, sizes and input files', async () => {
    const records = randomSplit({ split: 0, records: 50, random: randomFrom(7) });
    const { bytes, file } = writeSplit('/out/0', 0, records, { sectionRecords: 20 });
    const opened = await openSortedFile(bytesSource(bytes), { tailBytes: file.tailBytes });
    const partitions = [0, 1, 2, 3].map((partition) => records.filter((one) => one.partition === partition).length);
    expect(opened).toMatchObject({ records: 50, partitionRecords: partitions, fingerprint: FINGERPRINT });
    expect(opened.largestBody).toBe(Math.max(...records.map(({ body }) => body.length)));
    expect(opened.bodyBytes).toBe(records.reduce((all, { body }) => all + body.length, 0));
    expect(opened.files.file(2)).toEqual({ split: 0, path: '/in/0-2', sourcePartition: 1 });
  });

  it('is opened with two small reads where the catalogue knows the length of the footer', async () => {
    const records = randomSplit({ split: 0, records: 5000, random: randomFrom(8), body: 100 });
    const { bytes, file } = writeSplit('/out/0', 0, records);
    const reads: number[] = [];
    const source = bytesSource(bytes);
    const counted = {
      length: source.length,
      read: (position: number, length: number) => {
        reads.push(length);
        return source.read(position, length);
      },
    };
    await openSortedFile(counted, { tailBytes: file.tailBytes });
    expect(reads).toEqual([152, file.tailBytes]);
    reads.length = 0;
    expect((await openSortedFile(counted, { tailBytes: 100 })).records).toBe(5000);
    expect(reads).toEqual([152, 100, file.tailBytes]);
  });

  it('keeps a large body in a block of its own', async () => {
    const buffer = new SortBuffer({ capacity: 1000 });
    const body = Buffer.alloc(2_000_000, 'large');
    for (const [sequence, bytes] of [Buffer.from('a'), body, Buffer.from('b')].entries()) {
      buffer.begin().append(bytes);
      buffer.commit(0, sequence, sequence, 0, 0);
    }
    const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: 0, lastSplit: 0 });
    writer.addFile({ split: 0, path: '/in', sourcePartition: -1 });
    const chunks = [writer.start(), ...writer.section(buffer), writer.finish()];
    expect(chunks.map(({ length }) => length > 1_000_000)).toEqual([false, false, true, false, false]);
    const entries = (await readAll(Buffer.concat(chunks), 64 * 1024))[0]!;
    expect(entries.map((entry) => entry.length)).toEqual([
      expect.any(Number),
      2_000_000 + entries[0]!.length - 1,
      entries[0]!.length,
    ]);
  });

  it('bounds the index of a section with very many blocks, and still finds every place in it', async () => {
    const records = randomSplit({
      split: 0,
      records: 40_000,
      random: randomFrom(5),
      time: (i) => BigInt(i * 2),
      body: 1,
    });
    const { bytes, file } = writeSplit('/out/0', 0, records, { blockBytes: 50 });
    expect(file.tailBytes).toBeLessThan(16_385 * 32 + 1000);
    const opened = await openSortedFile(bytesSource(bytes));
    for (const at of [0, 1, 16_383, 16_384, 16_385, 16_998, 16_999]) {
      const cursor = new SectionCursor(opened, opened.sections[0]!);
      expect(await cursor.seekAfter({ timeHi: 0, timeLo: at * 2, split: 0, sequence: at })).toBe(at + 1);
    }
  });

  it('begins a seek at the block whose first key is the last one not after the key', async () => {
    const records = randomSplit({ split: 0, records: 200, random: randomFrom(6), time: (i) => BigInt(i * 2) });
    const { bytes } = writeSplit('/out/0', 0, records);
    const opened = await openSortedFile(bytesSource(bytes));
    const section = opened.sections[0]!;
    for (let number = 0; number < section.index.length; number++) {
      const { first, position, before } = section.index.entry(number);
      const reads: number[] = [];
      const source: ByteSource = {
        length: bytes.length,
        read: async (at, length) => {
          reads.push(at);
          return bytes.subarray(at, at + length);
        },
      };
      const cursor = new SectionCursor({ ...opened, source }, section, { rangeBytes: 600 });
      expect(await cursor.seekAfter(first)).toBe(before + 1);
      expect(reads[0]).toBe(position);
    }
  });

  it('refuses entries that the caller mixed up', () => {
    const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: 1, lastSplit: 1 });
    expect(() => writer.addFile({ split: 2, path: '/in', sourcePartition: 0 })).toThrow('not in this file');
    writer.start();
    const buffer = new SortBuffer({ capacity: 1000 });
    fillOne(buffer, { time: 1n, split: 1, sequence: 0, file: 4, partition: 0, body: '' });
    expect(() => [...writer.section(buffer)]).toThrow('file 4 of an entry was not added');
    writer.addFile({ split: 1, path: '/in', sourcePartition: 0 });
    const section = writer.openSection();
    const key = { timeHi: 0, timeLo: 5, split: 1, sequence: 0 };
    section.append(key, 0, 0, Buffer.from('x'), 0, 1);
    expect(() => section.append(key, 0, 0, Buffer.from('x'), 0, 1)).toThrow('ascend strictly');
    expect(() => section.append({ ...key, split: 2, sequence: 1 }, 0, 0, Buffer.from('x'), 0, 1)).toThrow('of split 2');
    expect(() => section.append({ ...key, sequence: 1 }, 0, 2_000_000, Buffer.from('x'), 0, 1)).toThrow('partition');
  });
});
