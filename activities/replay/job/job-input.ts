import { z } from 'zod';
import { EXPECTED_DELIMITER, isNifiDelimiter, NIFI_DELIMITER } from '../../../formats/nifi/delimiter.ts';
import { RECORD_FORMAT_NAMES } from '../../../formats/record-formats.ts';
import { LAYOUT_NAMES, layoutOf } from '../../../layouts/layout-of.ts';
import { connectionName, fieldPath, hdfsPath, rateLimit, timeZone } from '../../step/input-fields.ts';
import { frameFields } from './frame-input.ts';
import { badData } from './bad-data-input.ts';
import { isRelativeTime } from './relative-time.ts';
import { isTopicName } from './topic-name.ts';
import { isTopicTemplate } from './topic-template.ts';

/**
 * The input of a replay: what the job is. Where servers are and how to log in is the worker's configuration.
 * docs/job.md is the reference; docs/migration-from-camus2kafka.md maps every key of Camus2Kafka.
 */
const path = hdfsPath('/camus/dest');

const topic = z
  .string()
  .refine(isTopicName, 'expected a Kafka topic name: 1 to 249 of the characters a-z A-Z 0-9 . _ - and not "." or ".."');

/** A point in time: milliseconds since 1970 UTC, ISO-8601 with a zone, or told from the scheduled start of the job. */
const instant = z.union([
  z.int(),
  z
    .string()
    .refine(
      (text) => z.iso.datetime({ offset: true }).safeParse(text).success || isRelativeTime(text),
      'expected ISO-8601 with a zone, such as 2026-11-22T13:00:00Z, or a time relative to the scheduled start, such as -1d/d',
    ),
]);

const replayTopicName = z
  .string()
  .refine(
    isTopicTemplate,
    'expected a Kafka topic name: 1 to 249 of the characters a-z A-Z 0-9 . _ - and not "." or "..", with dates such as {yyyy-MM-dd} or {from:yyyyMMdd} if you like',
  );

/** Lines of NiFi, where the files of the archive hold those. */
const nifi = z.strictObject({
  /** Between the parts of a line. */
  delimiter: z.string().refine(isNifiDelimiter, EXPECTED_DELIMITER).default(NIFI_DELIMITER),
  /** What nothing between two delimiters stands for: such lines don't tell no key or value from an empty one. */
  empty: z.enum(['null', 'empty']).default('null'),
});

const archiveFields = z.strictObject({
  /** The program whose archive it is. */
  layout: z.enum(LAYOUT_NAMES).default(LAYOUT_NAMES[0]),
  /** Camus's `etl.destination.path`. The default input is all files of DEST/TOPIC/SUBDIR (a dot in TOPIC is an underscore there). */
  dest: path.optional(),
  /** Kafka Connect's `topics.dir`, below `dest`; `${topic}` stands for the topic. @default topics */
  topicsDir: z
    .string()
    .regex(
      /^\/?(?!\.\.?(\/|$))[^/]+(\/(?!\.\.?(\/|$))[^/]+)*\/?$/,
      'expected folders such as topics, without "." or ".." segments',
    )
    .optional(),
  /** Camus's `etl.destination.path.topic.sub.dir`, below the topic's folder. @default hourly, with four more levels */
  subDir: z
    .string()
    .regex(
      /^(?!\.\.?(\/|$))[^/]+(\/(?!\.\.?(\/|$))[^/]+)*$/,
      'expected folders below the topic, such as daily, without a slash at either end',
    )
    .optional(),
  /** Camus's `etl.execution.base.path`; the default history is EXEC/base/history. */
  exec: path.optional(),
  /** Camus's `etl.execution.history.path`: the folders that hold the offsets. */
  history: path.optional(),
  /** Hadoop glob of files or folders to read. */
  input: path.optional(),
  format: z.enum(['auto', ...RECORD_FORMAT_NAMES]).default('auto'),
  nifi: nifi.optional(),
  /** Zone of the hours in folder names, for the time range. @default the zone of Camus: America/Los_Angeles */
  timeZone: timeZone.default('America/Los_Angeles'),
  /** Reads every file even where its name says that it can't hold records of the time range. */
  readAllFiles: z.boolean().default(false),
  /**
   * Camus's `etl.output.file.time.partition.mins`: how long a bucket lasts. @default an hour in hourly folders, a day in
   * daily ones
   */
  bucketMinutes: z.int().min(1).max(44_640).optional(),
  /**
   * Records with times that the names of their files and folders don't have, or that no archive can have: `fail` where
   * they make the replay wrong, else a remark; `report`: always a remark; `ignore`: names tell nothing of times, so
   * nothing is compared, and every file is read.
   */
  strayTimes: z.enum(['fail', 'report', 'ignore']).default('fail'),
  /** Files beyond the pinned offsets and older than the pinned execution: an earlier life of a re-created topic. */
  earlierLife: z.enum(['fail', 'include', 'leave-out']).default('fail'),
  /** Partitions of which the archive holds more records than offsets: a failed Camus run archived some twice. */
  duplicates: z.enum(['fail', 'report']).default('report'),
  /** Files of one folder and partition whose names share offsets: whose records come twice. */
  overlaps: z.enum(['fail', 'report']).default('fail'),
  /** Runs without a file, data that is not read, files that the history doesn't vouch for. `withhold`: the offsets. */
  missing: z.enum(['withhold', 'report', 'fail']).default('withhold'),
  /** Topics whose names differ by dots and underscores alone, so that Camus writes both into the same folder. */
  sharedFolder: z.enum(['fail', 'accept']).default('fail'),
  /**
   * Offsets that no record of the archive has, between two of its partition, where records tell theirs: transaction
   * markers and compaction leave such, and so do lost files. @default report
   */
  gaps: z.enum(['report', 'fail']).optional(),
  /**
   * Records with the partition and the offset of another one that hold other things, where records tell their offsets:
   * of a topic that was made anew, of one that lost its leader, of two clusters. `report`: the one whose file comes first
   * is published. @default fail; of lines of NiFi, whose flows send some again, report
   */
  conflicts: z.enum(['report', 'fail']).optional(),
});

/** Files of some layouts are all of one format. */
const archive = archiveFields.transform(({ format, ...rest }) => ({
  ...rest,
  format: format === 'auto' ? (layoutOf(rest.layout).format ?? format) : format,
}));

const time = z.strictObject({
  /**
   * Field that holds the record's time: of Avro data, or of the JSON object that a line is.
   * @default of Avro data the first of `time`, `header.time` and `timestamp` that is there; of lines `timestamp`, as Camus has it
   */
  field: fieldPath.optional(),
  /** Of Avro data, and of the keys of a SequenceFile. @default the unit of the field's logical type, else millis */
  unit: z.enum(['seconds', 'millis', 'micros', 'nanos']).optional(),
  /**
   * How the time of a line is written: `unix` or `unix_seconds`, `unix_milliseconds`, `ISO-8601`, or a pattern of
   * Java's SimpleDateFormat. @default Camus's: `[dd/MMM/yyyy:HH:mm:ss Z]`
   */
  format: z.string().min(1).optional(),
  /** Regular expression that finds the time of a line: its group `time`, else its first group, else all that it matches. */
  pattern: z.string().min(1).optional(),
  /** Zone of times of lines that name none. @default UTC */
  timeZone: timeZone.optional(),
});

export const PARTITIONS = ['one', 'source', 'key'] as const;
export const ORDERS = ['time', 'offset', 'file'] as const;
export const SORTS = ['auto', 'windows', 'whole'] as const;

export const output = z.strictObject({
  /** Of Avro records; `original`: the record's bytes as they are in the file. Text is always published as it is. */
  encoding: z.enum(['avro-json', 'avro-binary', 'json', 'original']).default('avro-json'),
  /** Schema that records are resolved to, on HDFS. @default each file's own */
  schema: path.optional(),
  /**
   * Takes the output schema's logical types as they are where the files say others: numbers keep their digits, and mean
   * what the output schema says. @default false: an error
   */
  relabel: z.boolean().optional(),
  ...frameFields,
  /** Field whose value is the record's key. @default no key */
  key: fieldPath.optional(),
  /**
   * `one`: a total order. `source`: the partitions that records or Camus's file names tell. `key`: Kafka's default
   * partitioner; whole records without a key stay together by their source partition. @default source for formats whose
   * records tell their partition, else one
   */
  partitions: z.enum(PARTITIONS).optional(),
  /** How many partitions the replay topic has, for `key` (required) and `source` (at least as many as the source has). */
  partitionCount: z.int().min(1).max(10_000).optional(),
  /** Which headers every record gets, beside `rewind-ordinal`. */
  headers: z
    .strictObject({
      ordinal: z.boolean().default(true),
      partition: z.boolean().default(true),
      /** `rewind-file`: the path of the record's file. @default false: on a small record it is a third of all bytes */
      file: z.boolean().optional(),
      /** `rewind-offset`: the offset that a whole record had in the source topic. @default false */
      offset: z.boolean().optional(),
      /** `rewind-timestamp-type`: whether producer or broker gave a whole record's timestamp. @default false */
      timestampType: z.boolean().optional(),
    })
    .prefault({}),
  /** The Kafka timestamp: the record's time, or that of publishing. */
  timestamps: z.enum(['record', 'publish']).default('record'),
  /** A time that Kafka can't hold as a timestamp. */
  invalidTimestamps: z.enum(['fail', 'clamp']).default('fail'),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
});

const functionName = z.string().min(1).optional();

/** Functions of the worker's functions module, by name (docs/functions.md). */
const functions = z.strictObject({
  /** The record's time, in place of `time`. */
  time: functionName,
  /** Whether a record is replayed. */
  filter: functionName,
  /** What is published in its place. */
  transform: functionName,
  /** The bytes that are published, in place of `output.encoding`. */
  encoding: functionName,
});

export const replayTopic = z.strictObject({
  /** May hold dates (topic-template.ts). @default SOURCE_REPLAY */
  name: replayTopicName.optional(),
  /** @default the broker's default */
  replicationFactor: z.int().min(1).max(32767).optional(),
  /** Largest batch of records in bytes, for a topic that is created. @default 1048588 */
  maxMessageBytes: z.int().min(1024).max(2147483647).optional(),
  /** An existing topic whose settings may lose or refuse records: `fail`, or use it as it is. */
  unsafeSettings: z.enum(['fail', 'accept']).default('fail'),
  /** Allows publishing into the source topic itself, while nothing was ever written to it. */
  allowSource: z.boolean().default(false),
});

const offsets = z.strictObject({
  /** Consumer group that goes on with the live topic. */
  group: z.string().min(1).max(255).optional(),
  zookeeper: z.boolean().default(true),
  /** Kafka 0.8's `/consumers/GROUP/offsets/TOPIC/PARTITION`, or 0.7's `NODEID-PARTITION`. */
  layout: z.enum(['0.8', '0.7']).default('0.8'),
  kafka: z.boolean().default(false),
  /** A group that has offsets for the topic already. */
  existing: z.enum(['leave', 'fail', 'overwrite']).default('leave'),
  /** An offset outside of what the live source topic holds: a gap, or a topic that was re-created. */
  outsideLiveRange: z.enum(['fail', 'report']).default('fail'),
  /** Commits even though a time range or skipped records make the replay partial. */
  evenIfPartial: z.boolean().default(false),
});

/** Groups whose offsets of the source topic become those of the replay topic (docs/job.md). */
const groups = z.strictObject({
  /** Names, `*` for any characters. @default all that have an offset of the topic */
  names: z.array(z.string().min(1).max(255)).min(1).max(1_000).optional(),
  /** Connection of the cluster that has the groups' old offsets. */
  kafka: connectionName.optional(),
  /** Or a file on HDFS that has them. */
  file: path.optional(),
});

export const replayInput = z.strictObject({
  topic,
  replayTopic: z.union([replayTopicName.transform((name) => replayTopic.parse({ name })), replayTopic]).prefault({}),
  archive,
  from: instant.optional(),
  to: instant.optional(),
  /** Zone of relative times, and of dates in the replay topic's name. */
  timeZone: timeZone.default('UTC'),
  time: time.prefault({}),
  /**
   * What the records are sorted by. `offset`: the offset that each had, where records tell theirs, else the next offset
   * in the names of Camus's files; then the place in the manifest, so that every source partition keeps its order.
   * `file`: the place in the manifest. Both take records without a time, which get that of publishing.
   * @default offset where records tell theirs, else time
   */
  order: z.enum(ORDERS).optional(),
  /**
   * Whether all records are sorted, in staging, before the first is published (`whole`), or window after window of time, of
   * places or of offsets, each published as soon as it is read (`windows`). `auto`: windows where names tell them and nothing
   * speaks against it (windows/may-have-windows.ts, windows/choose-windows.ts); what doesn't fit into memory is staged.
   */
  sort: z.enum(SORTS).default('auto'),
  output: output.prefault({}),
  functions: functions.prefault({}),
  offsets: offsets.prefault({}),
  groups: groups.optional(),
  badData: badData.prefault({}),
  /** How fast to publish at first; the signal `rate` changes it. */
  rate: rateLimit.prefault({}),
  /** Id of a job that was cancelled, was terminated or failed: goes on with its staging and its replay topic. */
  takeUp: z
    .string()
    .regex(/^.+\/[^/]+$/, 'expected the id of a job, WORKFLOWID/RUNID, as its memo "job" and its errors have it')
    .optional(),
  /** Only looks at what the job would do, and touches nothing: the result is a plan (plan/replay-plan.ts). */
  plan: z.boolean().default(false),
  /** Only pins and commits the offsets; publishes nothing. */
  offsetsOnly: z.boolean().default(false),
  /** HDFS folder for this job's intermediate files. @default `.rewind` in the home directory of the worker's user */
  staging: path.optional(),
  connections: z
    .strictObject({
      hdfs: connectionName.default('default'),
      kafka: connectionName.default('default'),
      zookeeper: connectionName.default('default'),
      /** Asked where there is an `output.frame`. */
      registry: connectionName.optional(),
    })
    .prefault({}),
});

export type ReplayInput = z.input<typeof replayInput>;
export type ParsedReplayInput = z.output<typeof replayInput>;
