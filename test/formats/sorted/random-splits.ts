import { bytesSource } from '../../../formats/byte-source.ts';
import type { ByteSource } from '../../../formats/byte-source.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import { SortedFilePool } from '../../../formats/sorted/merge/sorted-file-pool.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { formatSortKey } from '../../../formats/sorted/file/sort-key.ts';

export const FINGERPRINT = 'sequence-under-test';
export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;

/** Random numbers from 0 to 1 that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface PlainRecord {
  time: bigint;
  split: number;
  sequence: number;
  file: number;
  partition: number;
  body: string;
}

/** Times that meet every digit of the sort, and many that are equal. */
export function randomTime(random: () => number): bigint {
  const kind = random();
  if (kind < 0.02) return LONG_MIN;
  if (kind < 0.04) return LONG_MAX;
  if (kind < 0.1) return BigInt(Math.floor(random() * 2 ** 32)) * BigInt(Math.floor(random() * 2 ** 31)) * -1n;
  if (kind < 0.5) return 1_700_000_000_000n + BigInt(Math.floor(random() * 50));
  return 1_700_000_000_000n + BigInt(Math.floor(random() * 10_000_000));
}

export interface SplitOptions {
  split: number;
  records: number;
  random: () => number;
  time?: (sequence: number) => bigint;
  /** Characters of a body at most. @default 40 */
  body?: number;
  /** Chance of a body of 3,000 characters. @default 0 */
  huge?: number;
}

export function randomSplit({ split, records, random, time, body = 40, huge = 0 }: SplitOptions): PlainRecord[] {
  return Array.from({ length: records }, (_, sequence) => ({
    time: time === undefined ? randomTime(random) : time(sequence),
    split,
    sequence,
    file: Math.floor((sequence * 3) / records),
    partition: Math.floor(random() * 4),
    body: `${split}/${sequence}:`.padEnd(random() < huge ? 3000 : Math.floor(random() * body), 'x'),
  }));
}

export function inOrder(records: PlainRecord[]): PlainRecord[] {
  return [...records].sort((a, b) =>
    a.time !== b.time ? (a.time < b.time ? -1 : 1) : a.split - b.split || a.sequence - b.sequence,
  );
}

export interface WriteOptions {
  /** Records after which the buffer is written out as a section. @default all */
  sectionRecords?: number;
  blockBytes?: number;
}

/** One sorted file of one split, as its bytes and its line of a catalogue. */
export function writeSplit(
  path: string,
  split: number,
  records: PlainRecord[],
  options: WriteOptions = {},
): StoredFile {
  const { sectionRecords = Infinity, blockBytes = 512 } = options;
  const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: split, lastSplit: split, blockBytes });
  for (let file = 0; file < 3; file++)
    writer.addFile({ split, path: `/in/${split}-${file}`, sourcePartition: file - 1 });
  const buffer = new SortBuffer({ capacity: 1 << 20 });
  const chunks = [writer.start()];
  for (const record of records) {
    fillOne(buffer, record);
    if (buffer.count < sectionRecords) continue;
    chunks.push(...writer.section(buffer));
    buffer.clear();
  }
  chunks.push(...writer.section(buffer), writer.finish());
  return { bytes: Buffer.concat(chunks), file: { path, ...withoutFingerprint(writer) } };
}

export function fillOne(buffer: SortBuffer, record: PlainRecord): void {
  const { hi, lo } = int64FromBigInt(record.time);
  buffer.begin().append(Buffer.from(record.body));
  buffer.commit(hi, lo, record.sequence, record.file, record.partition);
}

export interface StoredFile {
  bytes: Uint8Array;
  file: CatalogueFile;
}

export function withoutFingerprint(writer: SortedFileWriter): Omit<CatalogueFile, 'path'> {
  const { fingerprint: _fingerprint, ...summary } = writer.summary;
  return summary;
}

export interface CountedReads {
  /** Ranges that were read, by path. */
  reads: { path: string; position: number; length: number }[];
}

/** A pool over files in memory, with ranges small enough that blocks lie across them. */
export function poolOf(files: StoredFile[], rangeBytes = 700): SortedFilePool & CountedReads {
  const reads: CountedReads['reads'] = [];
  const byPath = new Map(files.map(({ bytes, file }) => [file.path, bytes]));
  const pool = new SortedFilePool({
    fingerprint: FINGERPRINT,
    rangeBytes,
    openSource: (path): ByteSource => {
      const source = bytesSource(byPath.get(path)!);
      const read: ByteSource['read'] = (position, length, signal) => {
        reads.push({ path, position, length });
        return source.read(position, length, signal);
      };
      return { length: source.length, read };
    },
  });
  return Object.assign(pool, { reads });
}

/** What a test compares: key, file, partition and body of an entry. */
export function plainEntry(entry: SortedEntry): string {
  const body = Buffer.from(entry.bytes.subarray(entry.bodyStart, entry.bodyEnd)).toString();
  const { path, sourcePartition } = entry.sortedFile.files.file(entry.file);
  return `${formatSortKey(entry)} ${path} ${sourcePartition} ${entry.partition} ${body}`;
}

export function plainRecord({ time, split, sequence, file, partition, body }: PlainRecord): string {
  return `${time}:${split}:${sequence} /in/${split}-${file} ${file - 1} ${partition} ${body}`;
}
