/** The windows of a job, each of consecutive splits; they stand in the manifest. */
export interface ListedWindows {
  count: number;
  /** Where their table begins in the manifest. */
  at: number;
  /** Bytes of input of the largest one, of those that fit into memory; decimal text. */
  largestBytes: string;
  /** Bytes in memory for each byte of input, about. */
  memoryPerByte: number;
  /** How many are expected to fit into memory; undefined: all of them. */
  direct?: number;
  /** Bytes of input of the largest one of the others, each of which is sorted in staging; undefined where there is none. */
  largestStagedBytes?: string;
}

/** A window that does not fit into memory: its splits are sorted in a folder of its own in staging, and merged from there. */
export interface StagedWindow {
  number: number;
  firstSplit: number;
  /** One past the last. */
  endSplit: number;
}
