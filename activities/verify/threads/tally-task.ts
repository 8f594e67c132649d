import type { HdfsConfig } from '../../../connections/hdfs/config.ts';
import type { ThreadKafka, ThreadRegistry } from '../../step/thread-connections.ts';
import type { ArchiveSplitInput, DifferenceInput, TalliedRecords, TopicRangeInput } from '../steps.ts';

/** Steps that decode and hash every record of what they are given. */
export interface TallySteps {
  tallyTopic: TopicRangeInput;
  tallyArchive: ArchiveSplitInput;
  narrowVerify: DifferenceInput;
}
export type TallyStep = keyof TallySteps;

/** What a step of these did. */
export interface Tallied {
  tallied: TalliedRecords;
  /** Records that were compared by this attempt; 0 where an earlier one had done it. */
  compared: number;
}

/** Counts and hashes away from the event loop, so that heartbeats and publishing never wait for it. */
export interface Tallier {
  tally<Step extends TallyStep>(
    step: Step,
    input: TallySteps[Step],
    options: {
      signal: AbortSignal;
      progress: (details: Record<string, unknown>) => void;
      /** What a file of the step is called in an error; a thread that is ended tells its number alone. */
      fileAt: (index: number) => Promise<string>;
    },
  ): Promise<Tallied>;
  close(): Promise<void>;
}

/** All that a thread needs; it is cloned on the way there. */
export type TallyTask = {
  hdfs: HdfsConfig;
  kafka: ThreadKafka;
  /** Undefined: the worker has no such connection. */
  registry: ThreadRegistry | undefined;
} & { [Step in TallyStep]: { step: Step; input: TallySteps[Step] } }[TallyStep];
