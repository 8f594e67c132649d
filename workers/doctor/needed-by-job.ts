import { isAvro, parseArchiveInput } from '../../activities/archive/job/parse-archive-input.ts';
import { parseRangesInput } from '../../activities/ranges/job/parse-ranges-input.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import { resolveJob } from '../../activities/replay/job/resolve-job.ts';
import { TARGETS, parseVerifyInput } from '../../activities/verify/job/verify-input.ts';
import { isTopicName } from '../../activities/replay/job/topic-name.ts';
import { markerGroupOf } from '../../activities/replay/offsets/commit-to-kafka.ts';
import { plannedRights } from '../../activities/replay/plan/planned-rights.ts';
import { publisherName } from '../../activities/replay/publish/publish-position.ts';
import type { Tuning } from '../../activities/replay/job/replay-job.ts';
import type { HdfsQuestions } from '../../connections/hdfs/examine/examine-hdfs.ts';
import type { KafkaQuestions } from '../../connections/kafka/examine/examine-kafka.ts';
import type { NeededRight } from '../../connections/kafka/examine/lacked-rights.ts';

/** What a job asks of its connections, each by its name in the worker's configuration. */
export interface Needed {
  hdfs: { name: string; questions: HdfsQuestions };
  kafka: { name: string; questions: KafkaQuestions };
  /** Undefined: the job doesn't use it. */
  zookeeper: { name: string; groups: string[] } | undefined;
  registry: string | undefined;
  /** What can't be asked, each a sentence. */
  unasked: string[];
}

/** Stands for the replay topic of jobs to come. */
const ANY_TOPIC = 'rewind-doctor_REPLAY';

/** What any replay needs, asked of names that stand for its own. */
export const NEEDED_BY_ANY: { hdfs: HdfsQuestions; kafka: KafkaQuestions } = {
  hdfs: { reads: [], writes: [] },
  kafka: { rights: publishing(ANY_TOPIC), certain: false, transactionalId: publisherName(ANY_TOPIC) },
};

/** What a job needs: a replay by its `archive`, an archive by its `dest`, ranges by their `inputs`, a verify by its `verify`. */
export function neededByJob(input: Record<string, unknown>, tuning: Tuning): Needed {
  if ('inputs' in input) return neededByRanges(input);
  if ('dest' in input) return neededByArchive(input);
  return 'verify' in input ? neededByVerify(input, tuning) : neededByReplay(input, tuning);
}

/** It reads what a replay reads, and the topics; it publishes nothing and commits no offsets. */
function neededByVerify(given: unknown, tuning: Tuning): Needed {
  const now = Date.now();
  const { replay, verify } = parseVerifyInput(given, now);
  const { verify: _verify, ...rest } = given as Record<string, unknown>;
  const needed = neededByReplay(rest, tuning);
  const { topic, replayTopic, connections } = resolveJob(replay, 'rewind-doctor', now, { tuning });
  const names = (verify.against ?? TARGETS).map((target) => (target === 'source' ? topic : replayTopic.name));
  return {
    ...needed,
    hdfs: { ...needed.hdfs, questions: { ...needed.hdfs.questions, writes: verify.report ? [verify.report] : [] } },
    kafka: { ...needed.kafka, questions: { rights: reading(names), certain: true, transactionalId: '' } },
    zookeeper: undefined,
    registry:
      verify.value === 'registry' ? (connections.registry ?? 'default') : (connections.registry ?? needed.registry),
    unasked: [],
  };
}

function neededByReplay(given: unknown, tuning: Tuning): Needed {
  const now = Date.now();
  const parsed = parseReplayInput(given, now);
  const job = resolveJob(parsed, 'rewind-doctor', now, { tuning });
  const rights = plannedRights(job);
  const anyGroups = rights.kafka.filter(({ name }) => /(^|\.)\*$/.test(name));
  const input = job.offsetsOnly || job.input === undefined ? undefined : beforeWildcard(job.input);
  const reads = [input, job.history, job.output.schema, job.groups?.file];
  return {
    hdfs: {
      name: job.connections.hdfs,
      questions: {
        staging: parsed.staging,
        reads: reads.filter((path) => path !== undefined),
        writes: [],
      },
    },
    kafka: {
      name: job.connections.kafka,
      questions: {
        rights: rights.kafka.filter((right) => !anyGroups.includes(right)),
        certain: true,
        transactionalId: publisherName(job.replayTopic.name),
      },
    },
    zookeeper:
      rights.zookeeper.length === 0 || job.offsets.group === undefined
        ? undefined
        : { name: job.connections.zookeeper, groups: [job.offsets.group] },
    registry: job.output.frame === undefined ? undefined : (job.connections.registry ?? 'default'),
    unasked:
      anyGroups.length === 0 ? [] : ['rights on the groups that are translated: their names are found by the job'],
  };
}

function neededByArchive(input: unknown): Needed {
  const { topics, dest, exec, history, connections, value, schemaIds } = parseArchiveInput(input);
  const names = topics.include.filter(isTopicName);
  const all = names.length === topics.include.length && names.length > 0;
  return {
    hdfs: {
      name: connections.hdfs,
      questions: { staging: `${dest}/.rewind`, reads: [], writes: [dest, exec, history ?? `${exec}/history`] },
    },
    kafka: { name: connections.kafka, questions: { rights: reading(names), certain: true, transactionalId: '' } },
    zookeeper: undefined,
    registry: isAvro(value) || schemaIds !== 'none' ? connections.registry : undefined,
    unasked: all ? [] : ['rights on topics that patterns name: rewind archive-plan JOB looks at each'],
  };
}

function neededByRanges(input: unknown): Needed {
  const { inputs, offsets, staging, connections } = parseRangesInput(input);
  const topics = [...new Set(inputs.flatMap(({ topic }) => (topic === undefined ? [] : [topic])))];
  const groups = [...new Set(inputs.map(({ group }) => group))];
  const inKafka = offsets.kafka || (offsets.from ?? 'kafka') === 'kafka';
  return {
    hdfs: { name: connections.hdfs, questions: { staging, reads: [], writes: [] } },
    kafka: {
      name: connections.kafka,
      questions: {
        rights: [...reading(topics), ...(inKafka ? groups.flatMap(committing) : [])],
        certain: true,
        transactionalId: markerGroupOf(groups[0] ?? ''),
      },
    },
    zookeeper: offsets.zookeeper || offsets.from === 'zookeeper' ? { name: connections.zookeeper, groups } : undefined,
    registry: inputs.some(({ decode }) => decode === 'registry' || decode === 'avro-json')
      ? connections.registry
      : undefined,
    unasked: inputs.some(({ topic }) => topic === undefined)
      ? ['rights on topics that patterns name: rewind ranges plan JOB looks at each']
      : [],
  };
}

function publishing(topic: string): NeededRight[] {
  return [
    { resource: 'Topic', name: topic, operations: ['Create', 'Describe', 'DescribeConfigs', 'Read', 'Write'] },
    { resource: 'Group', name: publisherName(topic), operations: ['Describe', 'Read'] },
    { resource: 'TransactionalId', name: publisherName(topic), operations: ['Describe', 'Write'] },
  ];
}

function reading(topics: readonly string[]): NeededRight[] {
  return topics.map((name) => ({ resource: 'Topic', name, operations: ['Describe', 'DescribeConfigs', 'Read'] }));
}

function committing(group: string): NeededRight[] {
  const marker = markerGroupOf(group);
  return [
    { resource: 'Group', name: group, operations: ['Describe', 'Read'] },
    { resource: 'Group', name: marker, operations: ['Describe', 'Read'] },
    { resource: 'TransactionalId', name: marker, operations: ['Describe', 'Write'] },
  ];
}

/** The folder above the first wildcard of a glob. */
function beforeWildcard(glob: string): string {
  const segments = glob.split('/');
  const at = segments.findIndex((segment) => /[*?[{\\]/.test(segment));
  return at < 0 ? glob : segments.slice(0, at).join('/') || '/';
}
