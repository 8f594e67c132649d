import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { markerGroupOf } from '../offsets/commit-to-kafka.ts';
import { publisherName } from '../publish/publish-position.ts';
import type { KafkaRight, PathRight, PlannedRights } from './replay-plan.ts';

/** What the worker's users must be allowed to do for this job (docs/configuration.md has the same for any job). */
export function plannedRights(job: ReplayJob): PlannedRights {
  const { group, zookeeper } = job.offsets;
  return {
    kafka: [...(job.offsetsOnly ? [] : publishRights(job)), ...offsetRights(job), ...groupRights(job)],
    hdfs: hdfsRights(job),
    zookeeper:
      group !== undefined && zookeeper ? [{ path: `/consumers/${group}`, rights: ['read', 'create', 'write'] }] : [],
  };
}

function publishRights({ replayTopic, output, topic }: ReplayJob): KafkaRight[] {
  const { name } = replayTopic;
  return [
    { resource: 'Topic', name, operations: ['Create', 'Describe', 'DescribeConfigs', 'Read', 'Write'] },
    { resource: 'Group', name: publisherName(name), operations: ['Describe', 'Read'] },
    { resource: 'TransactionalId', name: publisherName(name), operations: ['Describe', 'Write'] },
    ...(output.partitions === 'source'
      ? [{ resource: 'Topic' as const, name: topic, operations: ['Describe' as const] }]
      : []),
  ];
}

function offsetRights({ topic, offsets: { group, kafka } }: ReplayJob): KafkaRight[] {
  if (group === undefined) return [];
  const source: KafkaRight = { resource: 'Topic', name: topic, operations: ['Describe', 'DescribeConfigs'] };
  if (!kafka) return [source];
  const marker = markerGroupOf(group);
  return [
    { ...source, operations: [...source.operations, 'Read'] },
    { resource: 'Group', name: group, operations: ['Describe', 'Read'] },
    { resource: 'Group', name: marker, operations: ['Describe', 'Read'] },
    { resource: 'TransactionalId', name: marker, operations: ['Describe', 'Write'] },
  ];
}

/** Each group that is translated, by its name or the pattern that stands for it, and its marker. */
function groupRights({ groups, replayTopic, topic }: ReplayJob): KafkaRight[] {
  if (groups === undefined) return [];
  const source: KafkaRight[] =
    groups.kafka === undefined ? [] : [{ resource: 'Topic', name: topic, operations: ['Describe'] }];
  const each = (groups.names ?? ['*']).flatMap((group): KafkaRight[] => [
    { resource: 'Group', name: group, operations: ['Describe', 'Read'] },
    { resource: 'Group', name: markerGroupOf(group), operations: ['Describe', 'Read'] },
    { resource: 'TransactionalId', name: markerGroupOf(group), operations: ['Describe', 'Write'] },
  ]);
  return [...source, { resource: 'Topic', name: replayTopic.name, operations: ['Describe', 'Read'] }, ...each];
}

function hdfsRights(job: ReplayJob): PathRight[] {
  const reads = [job.offsetsOnly ? undefined : job.input, job.history, job.output.schema, job.groups?.file];
  return [
    ...reads.flatMap((path): PathRight[] => (path === undefined ? [] : [{ path, rights: ['read', 'execute'] }])),
    { path: parentPath(job.staging) ?? '/', rights: ['read', 'write', 'execute', 'create'] },
  ];
}
