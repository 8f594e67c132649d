/** A record as it was met on either side: one object for all of them, valid until the next one. */
export interface SeenRecord {
  partition: number;
  /** Undefined where the archive's records don't tell it. */
  offset: bigint | undefined;
  /** Milliseconds since 1970 UTC; NaN where it has no time. */
  time: number;
  /** Its content, made when it is asked for. */
  hash: () => bigint;
  /** Index of the file in its split, and number of the record in it; of a topic -1. */
  file: number;
  ordinal: number;
}
