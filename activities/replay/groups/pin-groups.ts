import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { Dependencies } from '../../dependencies.ts';
import { JobError } from '../../step/job-error.ts';
import { parseStaged } from '../../step/staged-json.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { Staging } from '../staging.ts';
import { standsFor } from './stands-for.ts';
import { groupOffsetsShape, type GroupOffsetsByName } from './stored-groups.ts';

const AT_ONCE = 8;

/**
 * The offsets of the groups that a job is to translate, as they were when it began: read from the source cluster or a
 * file, and put into staging once.
 *
 * @throws JobError 'groups-unknown' where none of the groups has an offset of the topic
 */
export async function pinGroups(deps: Dependencies, job: ReplayJob, signal: AbortSignal): Promise<GroupOffsetsByName> {
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  const present = await pinnedGroups(staging, signal);
  if (present !== undefined) return present;
  const groups = await readGroups(deps, job, signal);
  const bytes = Buffer.from(JSON.stringify({ groups }));
  return parseStaged(staging.groups, groupOffsetsShape, await staging.putSmall(staging.groups, bytes, signal)).groups;
}

/** Those that are pinned; undefined where none are. */
export async function pinnedGroups(staging: Staging, signal: AbortSignal): Promise<GroupOffsetsByName | undefined> {
  const present = await staging.readSmall(staging.groups, signal);
  return present && parseStaged(staging.groups, groupOffsetsShape, present).groups;
}

/** The same as they are now, with nothing put in place. */
export async function readGroups(deps: Dependencies, job: ReplayJob, signal: AbortSignal): Promise<GroupOffsetsByName> {
  const { kafka, file, names = ['*'] } = job.groups ?? {};
  const wanted = matcher(names);
  const all = file === undefined ? await ofCluster(deps, job, kafka, wanted) : await ofFile(deps, job, file, signal);
  const groups = Object.fromEntries(
    Object.entries(all).filter(([name, offsets]) => wanted(name) && Object.keys(offsets).length > 0),
  );
  if (Object.keys(groups).length === 0)
    throw new JobError(
      'groups-unknown',
      `No group that ${names.join(', ')} stands for has an offset of ${job.topic} in ${file ?? `the cluster of the connection ${kafka}`}. Correct groups, or leave it out.`,
      { names },
    );
  return groups;
}

async function ofCluster(
  deps: Dependencies,
  job: ReplayJob,
  connection: string | undefined,
  wanted: (name: string) => boolean,
): Promise<GroupOffsetsByName> {
  const kafka = deps.kafka(connection ?? job.connections.kafka);
  const names = (await kafka.listGroups()).filter(wanted).toSorted();
  const groups: GroupOffsetsByName = {};
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const offsets = await Promise.all(some.map((name) => offsetsOf(kafka, name, job.topic)));
    for (const [index, name] of some.entries()) groups[name] = offsets[index]!;
  }
  return groups;
}

async function offsetsOf(kafka: KafkaConnection, group: string, topic: string): Promise<Record<string, string>> {
  const { offsets } = await kafka.describeGroup(group, topic);
  const known = offsets.filter(({ offset }) => offset >= 0n);
  return Object.fromEntries(known.map(({ partition, offset }) => [String(partition), offset.toString()]));
}

async function ofFile(
  deps: Dependencies,
  job: ReplayJob,
  path: string,
  signal: AbortSignal,
): Promise<GroupOffsetsByName> {
  const store = deps.hdfs(job.connections.hdfs);
  const bytes = await new Staging(store, job.staging).readSmall(path, signal);
  const wrong = (found: string): JobError =>
    new JobError(
      'groups-unknown',
      `${path}: expected JSON such as {"groups": {"billing": {"0": "1234"}}}, the next offset of each partition by group, found ${found}. Correct groups.file.`,
      { path },
    );
  if (bytes === undefined) throw wrong('no such file');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw wrong(String(error));
  }
  const parsed = groupOffsetsShape.safeParse(value);
  if (parsed.success) return parsed.data.groups;
  throw wrong(
    parsed.error.issues
      .slice(0, 3)
      .map(({ path: at, message }) => `${at.join('.')}: ${message}`)
      .join('; '),
  );
}

/** Names as they are, `*` for any characters; Rewind's own groups are nobody's to translate. */
function matcher(names: readonly string[]): (name: string) => boolean {
  return (name) => !name.startsWith('rewind.') && names.some((pattern) => standsFor(pattern, name));
}
