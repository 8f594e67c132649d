import type { SeenRecord } from '../content/seen-record.ts';

/** A record of a bucket that differs, as it is listed to be compared with the other side's. */
export interface ListedRecord {
  hash: bigint;
  /** Offset in the source topic (or, of a replay topic, in that); undefined where an archive doesn't tell it. */
  offset: bigint | undefined;
  /** Path of the file and the record's number in it; undefined of a topic. */
  file: string | undefined;
  ordinal: number;
}

/** More of a bucket are not listed: memory stays bounded. */
export const MOST_RECORDS = 500_000;

/** Of one in memory, with its place in the maps that compare them. */
export const LISTED_BYTES = 400;

export function listed({ offset, ordinal }: SeenRecord, hash: bigint, file: string | undefined): ListedRecord {
  return { hash, offset, file, ordinal };
}
