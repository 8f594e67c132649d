import type { NamedFile } from '../../../layouts/archive-writing.ts';

export interface RangeToPull {
  topic: string;
  /** Which life of the topic is meant; whichever is there where the brokers gave none. */
  topicId?: string | undefined;
  /** Epoch of the leader that told where the range ends; left out where the brokers gave none. */
  leaderEpoch?: number | undefined;
  partition: number;
  leader: string;
  from: bigint;
  to: bigint;
  /** Leaves out what a replay of Rewind has published. */
  skipReplayed?: true | undefined;
}

/** Where a file belongs. */
export type PathOfFile = (file: NamedFile) => string;
