import { z } from 'zod';
import { parseStaged } from '../../step/staged-json.ts';

/**
 * The manifest: which bytes a job reads, in the order that breaks ties between equal times. One file, put in place by
 * one rename, so that two listings never mix:
 *
 * | part      | content                                                              |
 * |-----------|----------------------------------------------------------------------|
 * | lines     | JSON, a line a file, in manifest order                               |
 * | splits    | 32 bytes a split: lines at, lines length, range start, range end     |
 * | windows   | 24 bytes a window, where the job has windows (`windows/window-table.ts`) |
 * | summary   | JSON: the `FileListing`                                              |
 * | footer    | splits at, summary at, summary length (64 bits each, little endian), magic |
 */
export interface ManifestFile {
  path: string;
  length: number;
  /** Milliseconds since 1970 UTC; a file that has another length or time when it is read is an error. */
  modifiedAt: number;
  /** Source partition and number of records, where the name tells. */
  partition?: number;
  count?: number;
  /** Offsets that the name has room for, and whether no other file has any of them. */
  room?: number;
  alone?: boolean;
}

/** A line of the manifest as it stands in staging; like the shapes of `stored-shapes.ts`, it keeps what it doesn't know. */
const manifestFileShape: z.ZodType<ManifestFile> = z.looseObject({
  path: z.string(),
  length: z.int().min(0),
  modifiedAt: z.number(),
  partition: z.int().exactOptional(),
  count: z.int().exactOptional(),
  room: z.int().exactOptional(),
  alone: z.boolean().exactOptional(),
});

export interface Split {
  files: ManifestFile[];
  /** Bytes [start, end) of the only file, where it was cut at sync markers; else undefined. */
  range: { start: number; end: number } | undefined;
}

/** One entry of the split table: where the split's lines are, and its range (end 0: whole files). */
export interface SplitEntry {
  linesAt: number;
  linesLength: number;
  start: number;
  end: number;
}

export interface ManifestFooter {
  splitsAt: number;
  summaryAt: number;
  summaryLength: number;
}

export const SPLIT_ENTRY_BYTES = 32;
export const FOOTER_BYTES = 32;
const MAGIC = 0x3154534546494e4dn; // "MNIFEST1" in memory order

export function encodeSplitEntry({ linesAt, linesLength, start, end }: SplitEntry): Buffer {
  return encodeNumbers([linesAt, linesLength, start, end]);
}

export function decodeSplitEntry(bytes: Uint8Array): SplitEntry {
  const [linesAt = 0, linesLength = 0, start = 0, end = 0] = decodeNumbers(bytes);
  return { linesAt, linesLength, start, end };
}

export function encodeFooter({ splitsAt, summaryAt, summaryLength }: ManifestFooter): Buffer {
  const bytes = encodeNumbers([splitsAt, summaryAt, summaryLength, 0]);
  bytes.writeBigUInt64LE(MAGIC, 24);
  return bytes;
}

/** Undefined where the bytes are no footer. */
export function decodeFooter(bytes: Uint8Array): ManifestFooter | undefined {
  if (bytes.length !== FOOTER_BYTES) return undefined;
  if (Buffer.from(bytes).readBigUInt64LE(24) !== MAGIC) return undefined;
  const [splitsAt = 0, summaryAt = 0, summaryLength = 0] = decodeNumbers(bytes.subarray(0, 24));
  return { splitsAt, summaryAt, summaryLength };
}

export function encodeLines(files: readonly ManifestFile[]): Buffer {
  return Buffer.from(files.map((file) => `${JSON.stringify(file)}\n`).join(''), 'utf8');
}

/** @param path that of the manifest, for messages */
export function decodeLines(path: string, bytes: Uint8Array): ManifestFile[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseStaged(path, manifestFileShape, line));
}

function encodeNumbers(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), index * 8));
  return bytes;
}

function decodeNumbers(bytes: Uint8Array): number[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => Number(view.readBigUInt64LE(index * 8)));
}
