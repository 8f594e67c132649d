import type { CommitStatus, Int64Text } from '../replay/steps.ts';

/** How far a group is with a replay topic, and where it goes on. */
export interface DrainReport {
  replayTopic: string;
  group: string;
  /** ISO-8601: when it was looked at. */
  at: string;
  /** Whether the replay had not ended then. */
  unfinished: boolean;
  /** Whether the group has every committed record of every partition behind it. */
  drained: boolean;
  /** Consumers that are in the group. */
  members: number;
  /** Offsets up to the last committed records that are before the group, markers and aborted records among them. */
  left: Int64Text;
  /** Those that are not drained first. */
  partitions: DrainedPartition[];
  morePartitions: number;
  /** Minutes that Kafka keeps the offsets of a group without consumers; undefined where the brokers don't tell. */
  retentionMinutes: number | undefined;
  live: LiveOffsets | undefined;
  /** The group that the replay has put on the live topic, where it did. */
  waiting: WaitingGroup | undefined;
  /** What is worth a look: offsets that expire, records that the group can't get any more. */
  warnings: string[];
}

export interface DrainedPartition {
  partition: number;
  /** Undefined where the group has none. */
  committed: Int64Text | undefined;
  /** A committed offset from here on has the last committed record behind it; undefined where there is no such record. */
  drainedAt: Int64Text | undefined;
  /** End of the log: what lies from `drainedAt` up to it are markers and aborted records. */
  end: Int64Text;
  left: Int64Text;
  drained: boolean;
}

/** The switch: the offsets at which the group goes on in the live topic. */
export interface LiveOffsets {
  topic: string;
  offsets: { partition: number; offset: Int64Text; committed: Int64Text | undefined }[];
  /** Whether the group has exactly these offsets there. */
  switched: boolean;
  /** Why it can't go on there; empty where it can. */
  problems: string[];
  /** What became of the commit, where one was asked for. */
  commit: CommitStatus | undefined;
}

/** A group that stands in the live topic where the replay ends, and waits for its consumers to begin. */
export interface WaitingGroup {
  group: string;
  members: number;
  /** Whether it has every offset that the replay committed, or has gone on from there. */
  there: boolean;
  /** ISO-8601: when Kafka forgets them if no consumer of the group begins; undefined where that isn't known, or one has. */
  expiresAt: string | undefined;
}
