import type { SectionIndex } from './section-index.ts';
import type { SortKey } from './sort-key.ts';

/** One sorted run: what a catalogue holds of it, enough to plan a merge without opening the file. */
export interface SectionSummary {
  /** Number of the section in its file, from 0. */
  number: number;
  first: SortKey;
  last: SortKey;
  records: number;
  /** Bytes of its blocks. */
  bytes: number;
}

/** A section as the footer describes it. */
export interface SortedSection extends SectionSummary {
  /** Position in the file of its first block. */
  position: number;
  index: SectionIndex;
}

/** An input file that records of a sorted file came from. */
export interface SourceFile {
  /** The split that the records belong to: a large input file is in several. */
  split: number;
  path: string;
  /** Partition of the source topic; -1 where the file tells none. */
  sourcePartition: number;
}

/** What is known of a finished sorted file, besides its path. */
export interface SortedFileSummary {
  firstSplit: number;
  lastSplit: number;
  /** Identifies the job's sequence (manifest, schema, settings): files of two sequences are never merged. */
  fingerprint: string;
  /** Bytes of the whole file. */
  length: number;
  /** Bytes from the end that hold all that is needed to open it. */
  tailBytes: number;
  records: number;
  bodyBytes: number;
  /** Bytes. */
  largestBody: number;
  /** Bytes. */
  largestBlock: number;
  /** Records of each partition of the replay topic. */
  partitionRecords: number[];
  sections: SectionSummary[];
}
