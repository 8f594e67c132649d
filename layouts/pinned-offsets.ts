/** The offsets to be committed, as they were when the job began: `offsets.json` in staging. */
export interface PinnedOffsets {
  /** Folder of the execution that they were read from, and its beginning (its name, UTC) in ms since 1970. */
  execution: string;
  startedAt: number;
  /** Next offset by partition: a number, or NODEID-PARTITION in the layout of Kafka 0.7. Decimal text. */
  next: Record<string, string>;
  /** Where each partition stood after each execution of the history, ascending; the last is `next`. */
  boundaries: Record<string, string[]>;
  /** Names of the executions that were read, and by partition which of them (its index) reached each boundary. */
  executions?: string[];
  reachedBy?: Record<string, number[]>;
  /**
   * What executions say of themselves, by partition and for each boundary; null where one doesn't say, or speaks of
   * other offsets than those between its boundary and the one before.
   */
  told?: Record<string, (ToldRun | null)[]>;
  /** When the last file of the execution was written, in ms since 1970: what is modified later is not of it. */
  endedAt?: number;
  /** Other topics with records, whose files lie in the same folders under the same names; the first few. */
  sharing?: string[];
  remarks: string[];
}

/** What an execution says that became of the offsets of one partition which it passed. */
export interface ToldRun {
  /** Records in files. */
  records: number;
  /** Records that are in none, by reason. */
  left?: Record<string, number>;
  /** Offsets that it could not, or was not to archive, `to` exclusive. */
  missing?: { from: string; to: string; why: string }[];
}

/** Key of a partition in `PinnedOffsets.next`. */
export function partitionKey(layout: '0.8' | '0.7', node: string | number, partition: number): string {
  return layout === '0.8' ? String(partition) : `${node}-${partition}`;
}

/** How many partitions the source topic has, as the history knows them, those without records too; undefined if it can't tell. */
export function pinnedPartitions(pins: Pick<PinnedOffsets, 'next'> | undefined): number | undefined {
  const numbers = Object.keys(pins?.next ?? {}).map(Number);
  return numbers.length === 0 || numbers.some(Number.isNaN) ? undefined : Math.max(...numbers) + 1;
}
