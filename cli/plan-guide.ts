import type { PlannedSituation, ReplayPlan } from '../activities/replay/plan/replay-plan.ts';
import { SERVER, word } from './kafka-commands.ts';

type Job = Readonly<Record<string, unknown>>;

/** What a plan leads to: where one is, the way from there, the job that fits, and the commands with their names. */
export interface PlanGuide {
  situation: string;
  /** The runbook's path. */
  runbook: string;
  /** A job for this situation, where the given one isn't it. */
  job?: Job;
  /** In order; those of Kafka's tools want $BROKERS. */
  commands: string[];
}

/** Undefined where nothing is known of the topic. */
export function planGuide(plan: ReplayPlan, job: Job, path: string): PlanGuide | undefined {
  const { situation, topic } = plan;
  if (situation === undefined) return undefined;
  const told = {
    situation: `${topic} ${SAYS[situation.state]}: ${situation.why}`,
    runbook: `docs/runbook.md#${ANCHORS[situation.state]}`,
  };
  const group = groupOf(job);
  switch (situation.state) {
    case 'absent':
      return {
        ...told,
        job: intoSource(job, topic),
        commands: [...create(topic, situation, plan.replayTopic), ...replay(topic, path)],
      };
    case 'recreated':
      if (situation.empty) return { ...told, job: intoSource(job, topic), commands: replay(topic, path) };
      return {
        ...told,
        ...(group !== undefined && { job: withoutOffsets(job) }),
        commands: [...replay(topic, path), drain(topic, group), ...toEarliest(topic, group ?? 'GROUP')],
      };
    case 'trimmed':
      return {
        ...told,
        ...(group === undefined && { job: { ...job, offsets: { group: 'GROUP', kafka: true, zookeeper: false } } }),
        commands: [...replay(topic, path), drain(topic, group), ...where(group ?? 'GROUP')],
      };
    case 'alive':
    case 'unknown':
      return { ...told, commands: [...replay(topic, path), drain(topic, group), ...where(group ?? 'GROUP')] };
  }
}

const SAYS: Record<PlannedSituation['state'], string> = {
  absent: 'is gone',
  recreated: 'was re-created, or cut off',
  trimmed: 'has lost records at its beginning',
  alive: 'is whole',
  unknown: "can't be asked",
};

/** Headings of docs/runbook.md. */
export const ANCHORS: Record<PlannedSituation['state'], string> = {
  absent: 'the-topic-is-gone',
  recreated: 'when-the-topic-was-re-created',
  trimmed: 'the-topic-was-trimmed',
  alive: 'the-topic-is-whole',
  unknown: '2-plan',
};

function groupOf({ offsets }: Job): string | undefined {
  const group = (offsets as { group?: unknown } | undefined)?.group;
  return typeof group === 'string' ? group : undefined;
}

/** Offsets of the archive mean nothing in another topic: consumers begin at its beginning. */
function withoutOffsets({ offsets: _offsets, groups: _groups, ...job }: Job): Job {
  return job;
}

/** A topic that never held a record takes all of them as they were, before its producers come. */
function intoSource(job: Job, topic: string): Job {
  return {
    ...withoutOffsets(job),
    replayTopic: { name: topic, allowSource: true },
    output: { ...(job['output'] as object | undefined), partitions: 'source' },
  };
}

/** What no topic may lack that takes old records, where the plan has no topic to make that tells it of these brokers. */
const KEEPING = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.after.max.ms': '9223372036854775807',
};

/** Made as the replay would make a topic of its own, which the job would else refuse. */
function create(topic: string, { partitions }: PlannedSituation, planned: ReplayPlan['replayTopic']): string[] {
  const kept = planned?.exists === false ? planned.settings : KEEPING;
  const settings = Object.entries(kept)
    .map(([name, value]) => ` --config ${word(`${name}=${value}`)}`)
    .join('');
  const many = partitions === undefined ? 'PARTITIONS' : String(partitions);
  return [`kafka-topics.sh ${SERVER} --create --topic ${word(topic)} --partitions ${many}${settings}`];
}

function replay(topic: string, path: string): string[] {
  const id = word(`replay-${topic}`);
  return [`rewind replay ${word(path)} --id ${id} --watch`, `rewind result ${id}`];
}

/** The group that reads the replay topic is another one: the real one has the offsets of the live topic already. */
function drain(topic: string, group = 'GROUP'): string {
  return `rewind drain ${word(`replay-${topic}`)} --group ${word(`${group}-replay`)} --watch`;
}

function where(group: string): string[] {
  return [`kafka-consumer-groups.sh ${SERVER} --describe --group ${word(group)}`];
}

function toEarliest(topic: string, group: string): string[] {
  return [
    `kafka-consumer-groups.sh ${SERVER} --group ${word(group)} --topic ${word(topic)} --reset-offsets --to-earliest --execute`,
  ];
}

/** For a person, below the plan. */
export function guideLines({ situation, runbook, job, commands }: PlanGuide, gap: boolean): string[] {
  return [
    '',
    'Situation',
    `  ${situation}`,
    ...(gap ? ['  records between them are in neither: who owns the data decides (offsets.outsideLiveRange)'] : []),
    `  the way from here: ${runbook}`,
    ...(job === undefined
      ? []
      : [
          '',
          'A job for it: put it in the place of yours, it is what the commands start',
          ...JSON.stringify(job, undefined, 2)
            .split('\n')
            .map((line) => `  ${line}`),
        ]),
    '',
    'Commands',
    ...commands.map((command) => `  ${command}`),
  ];
}
