import { z } from 'zod';
import { FormatError, type FormatFault } from '../../formats/format-error.ts';
import { lineTimeReader } from '../../formats/text/time.ts';
import { isTimeZone } from '../../formats/text/local-time.ts';
import { isTopicName } from './topic-name.ts';

/**
 * The input of a replay: what the job is. Where servers are and how to log in is the worker's configuration.
 * docs/job.md is the reference; docs/migration-from-camus2kafka.md maps every key of Camus2Kafka.
 */
const path = z
  .string()
  .regex(/^\/(?!.*\/\.\.?(\/|$))/, 'expected an absolute HDFS path without "." or ".." segments, such as /camus/dest');

const topic = z
  .string()
  .refine(isTopicName, 'expected a Kafka topic name: 1 to 249 of the characters a-z A-Z 0-9 . _ - and not "." or ".."');

const fieldPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'expected field names joined by dots, such as time or header.time');

/** A point in time: milliseconds since 1970 UTC, or ISO-8601 with a zone. */
const instant = z.union([
  z.int(),
  z.iso.datetime({ offset: true, error: 'expected ISO-8601 with a zone, such as 2026-11-22T13:00:00Z' }),
]);

const connectionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/i, "expected the name of a connection in the worker's configuration");

const archive = z.strictObject({
  /** Camus's `etl.destination.path`. The default input is DEST/TOPIC/hourly with four more levels (a dot in TOPIC is an underscore there). */
  dest: path.optional(),
  /** Camus's `etl.execution.base.path`; the default history is EXEC/base/history. */
  exec: path.optional(),
  /** Camus's `etl.execution.history.path`: the folders that hold the offsets. */
  history: path.optional(),
  /** Hadoop glob of files or folders to read. */
  input: path.optional(),
  format: z.enum(['auto', 'avro', 'sequence-file', 'text']).default('auto'),
  /** Zone of the hours in folder names, for the time range. @default the zone of Camus: America/Los_Angeles */
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected an IANA time zone, such as Europe/Berlin')
    .default('America/Los_Angeles'),
  /** Reads every file even where its name says that it can't hold records of the time range. */
  readAllFiles: z.boolean().default(false),
  /** Files beyond the pinned offsets and older than the pinned execution: an earlier life of a re-created topic. */
  earlierLife: z.enum(['fail', 'include', 'leave-out']).default('fail'),
  /** Partitions of which the archive holds more records than offsets: a failed Camus run archived some twice. */
  duplicates: z.enum(['fail', 'report']).default('report'),
});

const time = z.strictObject({
  /**
   * Field that holds the record's time: of Avro data, or of the JSON object that a line is.
   * @default of Avro data the first of `time` and `header.time` that is there; of lines `timestamp`, as Camus has it
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
  timeZone: z.string().refine(isTimeZone, 'expected an IANA time zone, such as Europe/Berlin').optional(),
});

const output = z.strictObject({
  /** Of Avro records; `original`: the record's bytes as they are in the file. Text is always published as it is. */
  encoding: z.enum(['avro-json', 'avro-binary', 'json', 'original']).default('avro-json'),
  /** Schema that records are resolved to, on HDFS. @default each file's own */
  schema: path.optional(),
  /** Field whose value is the record's key. @default no key */
  key: fieldPath.optional(),
  /** `one`: a total order. `source`: the partitions that Camus's file names tell. `key`: Kafka's default partitioner. */
  partitions: z.enum(['one', 'source', 'key']).default('one'),
  /** How many partitions the replay topic has, for `key` (required) and `source` (at least as many as the source has). */
  partitionCount: z.int().min(1).max(10_000).optional(),
  /** Which headers every record gets, beside `rewind-ordinal`. */
  headers: z
    .strictObject({
      ordinal: z.boolean().default(true),
      partition: z.boolean().default(true),
      file: z.boolean().default(true),
    })
    .prefault({}),
  /** The Kafka timestamp: the record's time, or that of publishing. */
  timestamps: z.enum(['record', 'publish']).default('record'),
  /** A time that Kafka can't hold as a timestamp. */
  invalidTimestamps: z.enum(['fail', 'clamp']).default('fail'),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
});

const replayTopic = z.strictObject({
  /** @default SOURCE_REPLAY */
  name: topic.optional(),
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

const percent = z.number().min(0).max(100);

const badData = z.strictObject({
  policy: z.enum(['fail', 'skip']).default('fail'),
  /** Under `skip`: the job fails when more than this share of the records is skipped. */
  limitPercent: percent.default(0.1),
  /** The same for single reasons, as Camus's `etl.max.percent.skipped.*`; both limits count. */
  limits: z
    .strictObject({
      truncated: percent.optional(),
      corrupt: percent.optional(),
      unsupported: percent.optional(),
      limit: percent.optional(),
      schema: percent.optional(),
      time: percent.optional(),
    } satisfies Record<FormatFault, z.ZodOptional<typeof percent>>)
    .prefault({}),
});

export const replayInput = z.strictObject({
  topic,
  replayTopic: z.union([topic.transform((name) => replayTopic.parse({ name })), replayTopic]).prefault({}),
  archive,
  from: instant.optional(),
  to: instant.optional(),
  time: time.prefault({}),
  /**
   * What the records are sorted by. `offset`: the next offset in the names of Camus's files, then the place in the
   * manifest, so that every source partition keeps its order; `file`: the place in the manifest. Both take records
   * without a time, which get that of publishing.
   */
  order: z.enum(['time', 'offset', 'file']).default('time'),
  output: output.prefault({}),
  offsets: offsets.prefault({}),
  badData: badData.prefault({}),
  /** Only pins and commits the offsets; publishes nothing. */
  offsetsOnly: z.boolean().default(false),
  /** HDFS folder for this job's intermediate files. */
  staging: path.default('/tmp/rewind'),
  connections: z
    .strictObject({
      hdfs: connectionName.default('default'),
      kafka: connectionName.default('default'),
      zookeeper: connectionName.default('default'),
    })
    .prefault({}),
});

export type ReplayInput = z.input<typeof replayInput>;
export type ParsedReplayInput = z.output<typeof replayInput>;

/** One thing that is wrong with an input: the field's path with dots, and what was expected there. */
export interface InputIssue {
  field: string;
  message: string;
}

/** Rules that involve more than one field; all that are broken are reported. */
export function checkFieldsTogether(job: ParsedReplayInput): InputIssue[] {
  const issues: InputIssue[] = [];
  const wrong = (at: string[], message: string): unknown => issues.push({ field: at.join('.'), message });
  if (!job.offsetsOnly && job.archive.dest === undefined && job.archive.input === undefined)
    wrong(
      ['archive', 'dest'],
      "expected archive.dest (Camus's etl.destination.path) or archive.input (a glob): there is nothing to read",
    );
  const history = job.archive.history ?? job.archive.exec;
  if (job.offsets.group !== undefined && history === undefined)
    wrong(
      ['archive', 'exec'],
      "expected archive.exec or archive.history: the offsets of offsets.group are read from Camus's execution history",
    );
  if (job.offsetsOnly && job.offsets.group === undefined)
    wrong(['offsets', 'group'], 'expected a consumer group: offsetsOnly has nothing else to do');
  if (job.offsets.group !== undefined && !job.offsets.zookeeper && !job.offsets.kafka)
    wrong(
      ['offsets'],
      'expected offsets.zookeeper or offsets.kafka to be true: offsets.group would be committed nowhere',
    );
  if (job.offsets.kafka && job.offsets.layout === '0.7')
    wrong(['offsets', 'kafka'], 'expected false: Kafka keeps no offsets by NODEID-PARTITION, the layout "0.7"');
  if (job.from !== undefined && job.to !== undefined && toMillis(job.from) >= toMillis(job.to))
    wrong(['from'], `expected from before to, found from ${job.from} and to ${job.to}`);
  if (job.output.partitions === 'key' && job.output.partitionCount === undefined)
    wrong(['output', 'partitionCount'], 'expected the number of partitions: output.partitions is "key"');
  if (job.output.partitions === 'key' && job.output.key === undefined)
    wrong(['output', 'key'], 'expected a field: output.partitions is "key"');
  if (job.output.partitions === 'one' && (job.output.partitionCount ?? 1) !== 1)
    wrong(
      ['output', 'partitionCount'],
      `expected 1 or nothing, found ${job.output.partitionCount}: output.partitions is "one"`,
    );
  checkTime(job, wrong);
  checkText(job, wrong);
  if (job.output.encoding === 'original' && job.output.schema !== undefined)
    wrong(['output', 'schema'], 'expected nothing: the encoding "original" publishes records as they are in the file');
  const replayName = job.replayTopic.name ?? `${job.topic}_REPLAY`;
  if (replayName === job.topic && !job.replayTopic.allowSource)
    wrong(
      ['replayTopic'],
      `expected another topic than the source ${job.topic}; replayTopic.allowSource publishes into it while it is empty`,
    );
  if (!isTopicName(replayName))
    wrong(['replayTopic'], `expected a name: the default ${replayName} is longer than Kafka's 249 characters`);
  return issues;
}

type Wrong = (at: string[], message: string) => unknown;

function checkTime({ time, order, from, to, archive }: ParsedReplayInput, wrong: Wrong): void {
  if (time.field !== undefined && time.pattern !== undefined)
    wrong(['time', 'pattern'], 'expected either time.field or time.pattern: both say where a line has its time');
  if (archive.format === 'avro')
    for (const field of ['format', 'pattern', 'timeZone'] as const)
      if (time[field] !== undefined)
        wrong(['time', field], 'expected nothing: it is about lines of text, and archive.format is "avro"');
  if (order !== 'time' && (from !== undefined || to !== undefined))
    wrong(['order'], `expected "time" beside from or to: with the order "${order}" records may have no time`);
  for (const field of ['format', 'pattern'] as const)
    try {
      if (time[field] !== undefined) lineTimeReader({ pattern: '.', format: 'unix', [field]: time[field] });
    } catch (error) {
      if (error instanceof FormatError) wrong(['time', field], `${error.message}: expected ${error.facts.expected}`);
      else if (error instanceof SyntaxError) wrong(['time', field], `expected a regular expression: ${error.message}`);
      else throw error;
    }
}

/** Lines are published as they are, and have no fields but their time. */
function checkText({ archive, output, time }: ParsedReplayInput, wrong: Wrong): void {
  if (archive.format !== 'text') return;
  if (output.schema !== undefined)
    wrong(['output', 'schema'], 'expected nothing: lines of text are published as they are');
  if (output.key !== undefined) wrong(['output', 'key'], 'expected nothing: the key of a line of text is not read');
  if (time.unit !== undefined)
    wrong(['time', 'unit'], 'expected time.format in its place, such as unix_seconds: archive.format is "text"');
}

/** Milliseconds since 1970 UTC of an instant of the input. */
export function toMillis(value: number | string): number {
  return typeof value === 'number' ? value : Date.parse(value);
}
