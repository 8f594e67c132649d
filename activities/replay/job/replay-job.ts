import type { ORDERS, ParsedReplayInput, PARTITIONS } from './job-input.ts';

/**
 * A validated job with every default filled in: what all later steps get. It is the result of `validateJob`, so a
 * change of defaults in a new release never changes a job that runs.
 */
export interface ReplayJob {
  /** Names this job in claims, staging and markers; the same for every attempt, reset and continued run. */
  id: string;
  topic: string;
  replayTopic: ParsedReplayInput['replayTopic'] & { name: string };
  /** Hadoop globs of what to read, and where Camus's history is, if it is known. */
  input: string | undefined;
  history: string | undefined;
  archive: ParsedReplayInput['archive'];
  /** Half-open range of record times in milliseconds since 1970 UTC. */
  from: number | undefined;
  to: number | undefined;
  /** When it was to start first, in milliseconds since 1970 UTC: relative times are told from then. Not known of old jobs. */
  scheduledAt?: number | undefined;
  /** When its first workflow began, in milliseconds since 1970 UTC. Not known of old jobs. */
  begunAt?: number | undefined;
  time: ParsedReplayInput['time'];
  order: (typeof ORDERS)[number];
  /** Not there in old jobs, which are sorted as a whole. */
  sort?: ParsedReplayInput['sort'];
  output: ParsedReplayInput['output'] & { partitions: (typeof PARTITIONS)[number] };
  /** Id of the output schema in the registry, which stands in front of every value; undefined: nothing does. */
  frameId?: number | undefined;
  functions: ParsedReplayInput['functions'];
  /** SHA-256 of the functions module that the job began with; undefined where it names no functions. */
  functionsHash: string | undefined;
  offsets: ParsedReplayInput['offsets'];
  /** Groups whose offsets are translated. Not there in old jobs. */
  groups?: ParsedReplayInput['groups'];
  badData: ParsedReplayInput['badData'];
  /** How fast to publish at first. */
  rate: ParsedReplayInput['rate'];
  offsetsOnly: boolean;
  /** Folder of this job alone. */
  staging: string;
  connections: ParsedReplayInput['connections'];
  /** Those of Rewind's search attributes that the server has registered. */
  searchAttributes: string[];
  tuning: Tuning;
}

/** The worker's settings that a job keeps, whoever takes it up. */
export interface Tuning {
  /** Milliseconds without a sign of life after which another worker takes a step over. */
  heartbeatTimeoutMs: number;
  /** How many splits of a job are decoded at once, over all workers. */
  decodeConcurrency: number;
  /** Milliseconds that one publishing slice lasts. */
  sliceMs: number;
  /** Bytes of input that make a split. */
  splitBytes: number;
  /** How many sorted sections a merge may have open at once. */
  mergeFanIn: number;
  /** Task queues of the steps that decode and of those that publish; undefined: that of the workflow. */
  decodeTaskQueue?: string | undefined;
  publishTaskQueue?: string | undefined;
}
