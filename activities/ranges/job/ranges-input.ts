import { z } from 'zod';
import { badDataLimits } from '../../log/bad-data-input.ts';
import { topicPattern } from '../../log/topic-pattern.ts';
import { isTopicName } from '../../replay/job/topic-name.ts';
import { connectionName, hdfsPath, rateLimit } from '../../step/input-fields.ts';

/**
 * The input of a job of ranges: which topics, for which consumer group, and the function of one's own. Where servers
 * are and how to log in is the worker's configuration. docs/ranges.md is the reference;
 * docs/migration-from-kangaroo.md maps every key of Kangaroo.
 */
const path = hdfsPath('/rewind');

const topicName = z.string().refine(isTopicName, 'expected the name of a Kafka topic');

const functionName = z.string().min(1).max(100);

const time = z.iso.datetime({ offset: true, error: 'expected a time in ISO-8601 with a zone' });

/** How the values are decoded for the function. */
export const DECODERS = ['none', 'text', 'json', 'registry', 'avro-json'] as const;
export type DecoderName = (typeof DECODERS)[number];

const input = z.strictObject({
  /** Either this, */
  topic: topicName.optional(),
  /** or patterns that whole names of topics must match; `exclude` wins. */
  topics: z
    .strictObject({ include: z.array(topicPattern).min(1), exclude: z.array(topicPattern).default([]) })
    .optional(),
  /** Consumer group: what it has consumed is not planned, and its offsets move when all of the job has succeeded. */
  group: z.string().min(1).max(255),
  /** Of the kind `range` in the functions module. */
  function: functionName,
  /** Where the group begins in partitions of which it has no offset. */
  start: z
    .union([
      z.enum(['earliest', 'latest']),
      z.iso.datetime({ offset: true, error: 'expected "earliest", "latest", or a time in ISO-8601 with a zone' }),
    ])
    .default('earliest'),
  /** What `decoded` of a record is. */
  decode: z.enum(DECODERS).default('none'),
});

/** A partition of an input in a plan, whose partitions come in the order of these fields. */
const planPlace = z.strictObject({ input: z.int().min(0), topic: topicName, partition: z.int().min(0) });
export type PlanPlace = z.output<typeof planPlace>;

export const rangesInput = z.strictObject({
  inputs: z.array(input).min(1).max(100),
  /** Of the kind `finish`: called once with all summaries, before offsets move. @default none */
  finish: functionName.optional(),
  /** Records before this time are passed over, consumed or not: Kangaroo's setIncludeOffsetsAfterTimestamp. */
  since: time.optional(),
  /** MiB of log that one range holds. */
  rangeMiB: z.number().positive().max(4096).default(64),
  /** Ranges of a partition in one job, the oldest first: Kangaroo's setMaxSplitsPerPartition. @default all */
  maxRangesPerPartition: z.int().min(1).optional(),
  /** Ranges at once, over all workers. */
  concurrency: z.int().min(1).max(200).default(4),
  rate: rateLimit.prefault({}),
  /** Attempts at a range, or at `finish`, of which each ended with the function's own fault; and the time between them. */
  retry: z
    .strictObject({
      attempts: z.int().min(1).max(1000).default(4),
      initialSeconds: z.number().positive().max(3600).default(1),
      maximumSeconds: z.number().positive().max(3600).default(30),
    })
    .prefault({}),
  /** Offsets that Kafka has deleted before the group had consumed them. */
  gap: z.enum(['fail', 'report']).default('fail'),
  /** A topic that was deleted and made anew, or whose log ends before what the group has consumed. */
  recreated: z.enum(['fail', 'continue-at-earliest', 'leave']).default('fail'),
  /** Values that can't be decoded. */
  badData: z
    .strictObject({
      policy: z.enum(['fail', 'skip']).default('fail'),
      ...badDataLimits,
    })
    .prefault({}),
  /** Reader's schema of Avro values: the subject's latest one when the job is planned, or each record's own. */
  schema: z.enum(['latest', 'writer']).default('latest'),
  /** Subject of a topic's values; `{topic}` stands for its name. */
  subject: z.string().min(1).default('{topic}-value'),
  /** Field of `avro-json` values with the id of their schema. */
  schemaIdField: z.string().min(1).default('schemaID'),
  offsets: z
    .strictObject({
      /** Where the group's offsets are moved; what both hold is read where `from` says. */
      kafka: z.boolean().default(true),
      zookeeper: z.boolean().default(false),
      /** @default kafka where offsets are moved there, else zookeeper */
      from: z.enum(['kafka', 'zookeeper']).optional(),
      /** Kafka 0.8's `/consumers/GROUP/offsets/TOPIC/PARTITION`, or 0.7's `NODEID-PARTITION`. */
      layout: z.enum(['0.8', '0.7']).default('0.8'),
      /** The node's id in names of the layout 0.7. */
      node: z.int().min(0).default(0),
    })
    .prefault({}),
  /** The plan of an earlier job for the same groups and topics that has ended before its offsets moved. */
  unfinished: z.enum(['go-on', 'fail', 'discard']).default('go-on'),
  /** HDFS folder for plans and summaries. @default `.rewind` in the home directory of the worker's user */
  staging: path.optional(),
  /** Only tells what there is to do, and touches nothing; `all`: from the earliest offsets on, whatever is consumed. */
  plan: z
    .union([z.boolean(), z.strictObject({ all: z.boolean().default(false), after: planPlace.optional() })])
    .default(false),
  connections: z
    .strictObject({
      hdfs: connectionName.default('default'),
      kafka: connectionName.default('default'),
      zookeeper: connectionName.default('default'),
      registry: connectionName.default('default'),
    })
    .prefault({}),
});

export type RangesInput = z.input<typeof rangesInput>;
export type ParsedRangesInput = z.output<typeof rangesInput>;
