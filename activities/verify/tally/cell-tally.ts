import { hashFromText, hashText, wrap } from '../content/content-hash.ts';

/** Records of one partition and bucket on one side, in the order in which they were met. */
export interface CellTally {
  count: number;
  /** Sum of the hashes, modulo 2^128: the same for the same records in whatever order. */
  sum: bigint;
  /** Sum of each hash times its place from 1 on, modulo 2^128: the same only in the same order. */
  weighted: bigint;
  first: bigint | undefined;
  last: bigint | undefined;
}

/** As it stands in staging: place, count, both sums in hexadecimal, offsets. */
export type CellLine = [
  partition: number,
  bucket: number | null,
  count: number,
  sum: string,
  weighted: string,
  first: string | null,
  last: string | null,
];

export function emptyTally(): CellTally {
  return { count: 0, sum: 0n, weighted: 0n, first: undefined, last: undefined };
}

export function addRecord(tally: CellTally, hash: bigint, offset: bigint | undefined): void {
  tally.count += 1;
  tally.sum = wrap(tally.sum + hash);
  tally.weighted = wrap(tally.weighted + BigInt(tally.count) * hash);
  if (offset !== undefined) stretch(tally, offset, offset);
}

/** Adds what comes behind. */
export function append(tally: CellTally, next: CellTally): void {
  tally.weighted = wrap(tally.weighted + next.weighted + BigInt(tally.count) * next.sum);
  tally.sum = wrap(tally.sum + next.sum);
  tally.count += next.count;
  if (next.first !== undefined && next.last !== undefined) stretch(tally, next.first, next.last);
}

function stretch(tally: CellTally, first: bigint, last: bigint): void {
  if (tally.first === undefined || first < tally.first) tally.first = first;
  if (tally.last === undefined || last > tally.last) tally.last = last;
}

export function sameRecords(a: CellTally, b: CellTally, ordered: boolean): boolean {
  return a.count === b.count && a.sum === b.sum && (!ordered || a.weighted === b.weighted);
}

export function lineOf({ partition, bucket }: Cell, tally: CellTally): CellLine {
  const { count, sum, weighted, first, last } = tally;
  return [
    partition,
    Number.isNaN(bucket) ? null : bucket,
    count,
    hashText(sum),
    hashText(weighted),
    first?.toString() ?? null,
    last?.toString() ?? null,
  ];
}

export function tallyOf(line: CellLine): { cell: Cell; tally: CellTally } {
  const [partition, bucket, count, sum, weighted, first, last] = line;
  return {
    cell: { partition, bucket: bucket ?? Number.NaN },
    tally: {
      count,
      sum: hashFromText(sum),
      weighted: hashFromText(weighted),
      first: first === null ? undefined : BigInt(first),
      last: last === null ? undefined : BigInt(last),
    },
  };
}

/** A partition and the start of a time bucket, in ms since 1970 UTC; NaN for records without a time. */
export interface Cell {
  partition: number;
  bucket: number;
}
