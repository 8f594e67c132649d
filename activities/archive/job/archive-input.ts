import { z } from 'zod';
import { EXPECTED_DELIMITER, isNifiDelimiter, NIFI_DELIMITER } from '../../../formats/nifi/delimiter.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { badDataLimits } from '../../log/bad-data-input.ts';
import { topicPattern } from '../../log/topic-pattern.ts';
import { isTopicName } from '../../replay/job/topic-name.ts';
import { connectionName, fieldPath, hdfsPath, rateLimit, timeZone } from '../../step/input-fields.ts';

/**
 * The input of an archive: what the job is. Where servers are and how to log in is the worker's configuration.
 * docs/archive-job.md is the reference; docs/migration-from-camus.md maps every key of Camus.
 */
const path = hdfsPath('/camus/dest');

/** The message is that of `schema` as a whole. */
const schemaFile = z
  .string()
  .regex(
    /^\/(?!.*\/\.\.?(\/|$))/,
    'expected "latest", "writer", or the path of a file on HDFS, such as /schemas/{topic}.avsc',
  );

const topicName = z.string().refine(isTopicName, 'expected the name of a Kafka topic');

const start = z.union([
  z.enum(['earliest', 'latest']),
  z.iso.datetime({ offset: true, error: 'expected "earliest", "latest", or a time in ISO-8601 with a zone' }),
]);

/** What is in the topics, and so what is written. */
export const VALUES = ['registry', 'avro-json', 'json', 'json-wrapped', 'text', 'nifi', 'record'] as const;

export const archiveInput = z.strictObject({
  topics: z
    .strictObject({
      /** Patterns that whole names must match. @default every topic that is not internal, nor a replay of Rewind's */
      include: z.array(topicPattern).default([]),
      /** The same; wins over `include`. */
      exclude: z.array(topicPattern).default([]),
    })
    .prefault({}),
  /** Root of the data: Camus's `etl.destination.path`. */
  dest: path,
  /** Camus's `etl.execution.base.path`: decisions and the claim are kept here, in `.rewind`. */
  exec: path,
  /** Camus's `etl.execution.history.path`. @default EXEC/history */
  history: path.optional(),
  value: z.enum(VALUES).default('registry'),
  /**
   * Reader's schema of Avro values, pinned when the run is planned: the subject's latest one, or that of a file on HDFS, in
   * whose path `{topic}` stands for the topic's name; or each record's own.
   */
  schema: z.union([z.enum(['latest', 'writer']), schemaFile]).default('latest'),
  /** Field of `avro-json` values with the id of their schema: Camus's `camus.message.schema.id.field`. */
  schemaIdField: z.string().min(1).default('schemaID'),
  /**
   * Of `record`: ids in the frames of a registry go into columns of their own, and their schemas are copied beside the
   * data.
   */
  schemaIds: z.enum(['none', 'values', 'keys', 'both']).default('none'),
  /** Subject of a topic's values; `{topic}` stands for its name. */
  subject: z.string().min(1).default('{topic}-value'),
  time: z
    .strictObject({
      /** Field that holds the time. @default `header.time`, else `timestamp` of Avro; `timestamp` of JSON */
      field: fieldPath.optional(),
      /** How JSON writes it: `unix_seconds`, `unix_milliseconds`, `ISO-8601`, or a pattern of SimpleDateFormat. */
      format: z.string().min(1).optional(),
      /** Zone of times of JSON that name none: that of the JVM, where Camus wrote before. @default UTC */
      timeZone: timeZone.optional(),
      /**
       * Times before 1970, or more than `horizonDays` after the run was planned: in the bucket of Kafka's timestamp, apart
       * from all others in that of 1970, or an error.
       */
      wild: z.enum(['kafka', 'apart', 'fail']).default('kafka'),
      horizonDays: z.number().positive().default(2),
    })
    .prefault({}),
  files: z
    .strictObject({
      /** @default avro for Avro values, text for others */
      format: z.enum(['avro', 'text', 'sequence-file']).optional(),
      codec: z.enum(['none', 'deflate', 'gzip', 'snappy', 'zstandard']).optional(),
      /** @default 6 of deflate and gzip, 3 of zstandard */
      level: z.int().min(1).max(9).optional(),
      /** `hourly`, `daily`, or a pattern of Joda-Time for the path below the topic's folder (TimeBasedPartitioner). */
      folders: z
        .string()
        .min(1)
        .refine(isFolders, "expected hourly, daily, or a pattern such as 'hourly'/YYYY/MM/dd/HH")
        .default('hourly'),
      /** Of `hourly` and `daily`: Camus's `etl.destination.path.topic.sub.dir`. @default the same word */
      subDir: z
        .string()
        .regex(
          /^[^/._:][^/:]*(\/[^/._:][^/:]*)*$/,
          'expected folders below the topic, such as raw/by-hour, none of which begins with . or _, without a slash at either end',
        )
        .optional(),
      /** Camus's `etl.output.file.time.partition.mins`; as long as a replay reads (`archive.bucketMinutes`). */
      bucketMinutes: z.int().min(1).max(44_640).optional(),
      timeZone: timeZone.default('America/Los_Angeles'),
      /** Behind each line of text. */
      delimiter: z.string().min(1).default('\n'),
    })
    .prefault({}),
  /** Of `nifi`. */
  nifi: z
    .strictObject({
      /** Between the parts of a line. */
      delimiter: z.string().refine(isNifiDelimiter, EXPECTED_DELIMITER).default(NIFI_DELIMITER),
    })
    .optional(),
  /** Where partitions begin that the history doesn't know; by topic, or for all. */
  start: start.default('earliest'),
  startOf: z.record(topicName, start).default({}),
  /** Topics of which nothing is read: their offsets move to the end. */
  moveToEnd: z.array(topicName).default([]),
  /** Offsets that Kafka has deleted before they were archived. */
  gap: z.enum(['fail', 'report']).default('fail'),
  /** A topic that was deleted and made anew, or whose log ends before what was archived. */
  recreated: z.enum(['fail', 'continue-at-earliest', 'leave']).default('fail'),
  /**
   * Records that a replay of Rewind has published into the very topic: they came from an archive. Known by the claim that
   * the topic has and by the header of each.
   */
  replayed: z.enum(['skip', 'keep']).default('skip'),
  /** Files of a failed run of Camus beyond the stored offsets, which would be there twice. */
  leftovers: z.enum(['fail', 'quarantine', 'ignore']).default('fail'),
  limits: z
    .strictObject({
      /** Records and bytes of a partition in one run. */
      records: z.int().min(1).optional(),
      bytes: z.int().min(1).optional(),
      /** Hours of record time of a partition in one run: Camus's `kafka.max.pull.hrs`. */
      hours: z.number().positive().optional(),
      /** Minutes after which no pull of this run begins. */
      minutes: z.number().positive().optional(),
      /** Records older than so many days are left out, and counted: Camus's `kafka.max.historical.days`. */
      historicalDays: z.number().positive().optional(),
    })
    .prefault({}),
  ranges: z
    .strictObject({
      /** MiB of log that one range holds. */
      rangeMiB: z.number().positive().max(4096).default(256),
      /** Of a partition in one run; the oldest first. */
      maxPerPartition: z.int().min(1).optional(),
      /** Pulls at once, over all workers. */
      concurrency: z.int().min(1).max(200).default(4),
    })
    .prefault({}),
  badData: z
    .strictObject({
      policy: z.enum(['fail', 'skip']).default('fail'),
      ...badDataLimits,
      /**
       * Bad records of a topic, or of all, from which on a limit counts: a share says nothing of the few records of a quiet
       * topic, which the bad ones at its end would hold for ever. A limit of 0 allows none all the same.
       * @default 1 where a limit is named, else 100
       */
      limitsFrom: z.int().min(1).optional(),
      /** Under `skip`: bad records are kept whole, in hidden files beside the data. */
      keep: z.boolean().default(false),
    })
    .prefault({}),
  rate: rateLimit.prefault({}),
  /**
   * Counts of the archived records by topic, producer and span of their time, written with the execution: Camus's audit.
   * @default nothing is counted
   */
  audit: z
    .strictObject({
      /** Minutes of a span: Camus's `kafka.monitor.time.granularity`. */
      granularityMinutes: z.int().min(1).max(1440).default(10),
      /** Topics whose producers are not told apart: Camus's `etl.audit.ignore.service.topic.list`. */
      anonymous: z.union([z.literal('all'), z.array(topicName)]).default([]),
      /** Posts the counts of each execution once. @default they are only written */
      post: z
        .strictObject({
          topic: topicName.prefault(() => writtenLayout().auditEvents.topic),
          /** Name of this stage in the events: Camus's `kafka.monitor.tier`. */
          tier: z.string().min(1),
          /** Id of the events' schema in the registry, for the usual frame in front. @default no frame */
          schemaId: z.int().min(0).max(0x7fffffff).optional(),
        })
        .optional(),
    })
    .optional(),
  /** Which executions stay in HISTORY; the newest always does. */
  keep: z
    .strictObject({
      executions: z.int().min(1).default(1000),
      days: z.number().positive().optional(),
      /** Of the name quota of EXEC, where it has one: Camus's `etl.execution.history.max.of.quota`. */
      quotaFraction: z.number().positive().max(1).default(0.5),
    })
    .prefault({}),
  plan: z.boolean().default(false),
  connections: z
    .strictObject({
      hdfs: connectionName.default('default'),
      kafka: connectionName.default('default'),
      registry: connectionName.default('default'),
    })
    .prefault({}),
});

export type ArchiveInput = z.input<typeof archiveInput>;
export type ParsedArchiveInput = z.output<typeof archiveInput>;

function isFolders(text: string): boolean {
  try {
    writtenLayout().buckets({ folders: text });
    return true;
  } catch {
    return false;
  }
}
