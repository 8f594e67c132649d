import type {
  PlannedOffsets,
  PlannedReplayTopic,
  PlannedSorting,
  ReplayPlan,
} from '../activities/replay/plan/replay-plan.ts';
import { bytesText, counted, durationText, groupedText } from '../workflows/run/readable.ts';
import { columns, fields } from './output.ts';

/** A plan for a person: problems first, then what would be read, the room that it takes, and where offsets would go. */
export function planLines(plan: ReplayPlan): string[] {
  return [
    plan.ready ? `${plan.topic}: ready` : `${plan.topic}: NOT ready`,
    ...plan.problems.flatMap(({ type, step, message, more }) => [
      `  ${type} (${step}): ${message}${more > 0 ? ` (and ${more} more)` : ''}`,
    ]),
    ...plan.remarks.map((remark) => `  note: ${remark}`),
    ...section('Read', readLines(plan)),
    ...section('Room', roomLines(plan)),
    ...section('Replay topic', plan.replayTopic === undefined ? [] : replayTopicLines(plan.replayTopic)),
    ...section('Offsets', plan.offsets === undefined ? [] : offsetLines(plan.offsets)),
    ...section('Rights', rightLines(plan)),
    '',
    `planned in ${durationText(plan.seconds)}; nothing was touched`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function sortingText({ by, why, ...sorting }: PlannedSorting): string {
  const { windows, direct, largestBytes, largestMemory, firstAfterBytes } = sorting;
  const since = why === undefined ? '' : `, since ${why}`;
  if (by === 'whole')
    return `as a whole${since}: all is staged, and the first record comes when ${bytesText(firstAfterBytes)} are decoded`;
  const largest = `the largest ${bytesText(largestBytes)}, ${bytesText(largestMemory)} in memory`;
  const staged = direct === windows ? '' : `, ${groupedText(windows - direct)} through staging, one after the other`;
  return `by ${groupedText(windows)} windows${since}: ${groupedText(direct)} in memory${staged}, ${largest}; the first record comes when ${bytesText(firstAfterBytes)} are decoded`;
}

function readLines({ read, sorting }: ReplayPlan): string[] {
  if (read === undefined) return [];
  const { records, times, splits, sample } = read;
  const estimated = records.estimated === undefined ? '' : ` (about ${groupedText(records.estimated)} in all)`;
  return [
    ...fields([
      ['input', read.input],
      ['execution', read.execution],
      ['files', `${groupedText(read.files)} (${bytesText(read.bytes)})`],
      ['records by names', `${groupedText(records.byNames)}${estimated}`],
      ['times by names', times && `${times.from} to ${times.to}`],
      ['splits', `${splits.total}: ${splits.ofWholeFiles} of whole files, ${splits.ofCutFiles} of cut ones`],
      ['sorted', sorting && sortingText(sorting)],
      [
        'sample',
        `${counted(sample.records, 'record')} of ${counted(sample.files, 'file')}, ${counted(sample.writerSchemas, 'writer schema')}`,
      ],
    ]),
    ...read.formats.map(
      ({ names, files, bytes, found }) =>
        `${names}: ${counted(files, 'file')} (${bytesText(bytes)})${found.length > 0 ? `, found ${found.map(({ format, files: count }) => `${format} in ${count}`).join(', ')}` : ''}`,
    ),
    ...read.leftOut.map(
      ({ reason, files, examples }) => `left out: ${counted(files, 'file')}, ${reason}: ${examples.join(', ')}`,
    ),
    ...read.doubled.map(
      ({ partition, runs }) =>
        `doubled: partition ${partition}: ${runs.map(({ fromOffset, toOffset, records: count }) => `${fromOffset} to ${toOffset} (${counted(count, 'record')})`).join(', ')}`,
    ),
    ...(read.moreDoubled > 0 ? [`doubled: ${read.moreDoubled} more partitions`] : []),
  ];
}

function roomLines({ staging, replayTopic }: ReplayPlan): string[] {
  if (staging === undefined) return [];
  const { bytes, atMost = bytes } = staging;
  const by = staging.estimate.by === 'sample' ? 'by a sample' : `by the factor ${staging.estimate.factor}`;
  const most = atMost === bytes ? '' : `; ${bytesText(atMost)} if it is sorted as a whole after all`;
  return fields([
    ['staging', `${bytesText(staging.bytes)} in ${staging.folder}, ${by}${most}`],
    ['copies on HDFS', staging.replication === undefined ? undefined : String(staging.replication)],
    ['free on HDFS', staging.free && bytesText(staging.free)],
    [
      'quota',
      staging.quota &&
        `${bytesText(staging.quota.bytes)} on ${staging.quota.path}, ${bytesText(staging.quota.used)} used`,
    ],
    ['brokers', replayTopic && bytesText(replayTopic.brokerBytes ?? replayTopic.bytes)],
  ]);
}

function replayTopicLines(topic: PlannedReplayTopic): string[] {
  return [
    ...fields([
      ['name', `${topic.name}, ${topic.exists ? 'exists' : 'will be created'}`],
      ['partitions', String(topic.partitions)],
      ['replicas', topic.replicas === undefined ? undefined : String(topic.replicas)],
      [
        'claimed by',
        topic.claimedBy && `${topic.claimedBy.job}, ${groupedText(topic.claimedBy.published)} records are out`,
      ],
      ['largest record', `${bytesText(topic.largestRecord)} of ${bytesText(topic.maxMessageBytes)}`],
    ]),
    ...Object.entries(topic.settings).map(([name, value]) => `${name}=${value}`),
    ...topic.unsafe.map((setting) => `unsafe: ${setting}`),
  ];
}

function offsetLines({ group, zookeeper, kafka, partitions, morePartitions }: PlannedOffsets): string[] {
  return [
    ...fields([
      ['group', group],
      ['ZooKeeper', zookeeper && `${zookeeper.action}: ${zookeeper.path} on ${zookeeper.server}`],
      ['Kafka', kafka && `${kafka.action}${kafka.members > 0 ? `, ${kafka.members} active members` : ''}`],
    ]),
    ...columns([
      ['partition', 'offset', 'earliest', 'latest', 'in ZooKeeper', 'in Kafka'],
      ...partitions.map((each) => [
        each.partition,
        each.offset,
        each.earliest ?? '',
        each.latest ?? '',
        each.inZooKeeper ?? '',
        each.inKafka ?? '',
      ]),
    ]),
    ...(morePartitions > 0 ? [`${morePartitions} more partitions`] : []),
  ];
}

function rightLines({ rights }: ReplayPlan): string[] {
  return columns([
    ...rights.kafka.map(({ resource, name, operations }) => ['Kafka', resource, name, operations.join(', ')]),
    ...rights.hdfs.map(({ path, rights: needed }) => ['HDFS', 'path', path, needed.join(', ')]),
    ...rights.zookeeper.map(({ path, rights: needed }) => ['ZooKeeper', 'node', path, needed.join(', ')]),
  ]);
}
