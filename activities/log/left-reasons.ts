/** Why a record of a topic is in no file. What is bad data counts against its limits; the rest is as it should be. */
export const LEFT_REASONS = {
  /** A null value: a deletion in a compacted topic. Files of values can't hold it. */
  tombstone: { bad: false },
  /** Older than limits.historicalDays. */
  old: { bad: false },
  /** Published by a replay of Rewind into its own source topic: it came from an archive. */
  replayed: { bad: false },
  /** Of an aborted transaction: no consumer gets it. */
  aborted: { bad: false },
  /** Not in the frame that `value` says. */
  frame: { bad: true },
  /** The registry doesn't know the schema's id. */
  'unknown-schema': { bad: true },
  /** Bytes that are not of their schema. */
  corrupt: { bad: true },
  /** A value that has no place in the reader's schema. */
  schema: { bad: true },
  /** No time, or a wild one, and the job says that this is an error. */
  time: { bad: true },
  /** Holds what ends a line, and so would be two. */
  delimiter: { bad: true },
} as const satisfies Record<string, { bad: boolean }>;

export type LeftReason = keyof typeof LEFT_REASONS;

export type BadReason = { [R in LeftReason]: (typeof LEFT_REASONS)[R]['bad'] extends true ? R : never }[LeftReason];

export function isBadData(reason: string): boolean {
  return (LEFT_REASONS as Record<string, { bad: boolean } | undefined>)[reason]?.bad ?? true;
}

/** How many of the records that were left are bad. */
export function badIn(left: Readonly<Record<string, number>>): number {
  return Object.entries(left).reduce((sum, [reason, number]) => sum + (isBadData(reason) ? number : 0), 0);
}
