import type { KeyRange } from '../key-overlap.ts';

/** What is planned by: every section of a catalogue has it. */
export interface SectionSize extends KeyRange {
  records: number;
  bytes: number;
}

/** A section to be merged, or the file that a group of them becomes. */
export interface PlannedSection<S> extends KeyRange {
  records: number;
  bytes: number;
  /** The section itself; not there for the result of a group. */
  section?: S;
  /** The group whose result this is. */
  group?: MergeGroup<S>;
}

/** Sections to be merged into one sorted file before the rest. */
export interface MergeGroup<S> extends KeyRange {
  /** Number of the pass, from 0: all groups of a pass can be merged at the same time. */
  pass: number;
  /** Number of the group in its pass, from 0. */
  number: number;
  inputs: PlannedSection<S>[];
  records: number;
  bytes: number;
}

export interface MergePlan<S> {
  /** In the order in which they must be done; none where all fits from the start. */
  passes: MergeGroup<S>[][];
  /** What the last merge reads: sections of the catalogue, and results of groups. */
  inputs: PlannedSection<S>[];
  /** Sections that a merge of all would have open at once before the passes, and after. */
  overlapBefore: number;
  overlapAfter: number;
  /** Bytes that the passes read, and write again. */
  bytes: number;
}
