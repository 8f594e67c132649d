import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { isMovableInKafka, moveInKafka } from './offsets/move-in-kafka.ts';
import { isMovableInZooKeeper, moveInZooKeeper } from './offsets/move-in-zookeeper.ts';
import { movesOf, type TopicMoves } from './offsets/moves-of.ts';
import { assertSameLog } from './plan/assert-same-log.ts';
import { requirePlan } from './plan-ranges.ts';
import type { MovedGroup, MovedOffsets, MoveStatus, RangesStepInput } from './steps.ts';

const LISTED_GROUPS = 20;
/** Bytes of JSON that all listed offsets may have: what a step hands on is small, whatever names are like. */
const LISTED_BYTES = 16 * 1024;

/**
 * Moves the offsets of all groups to the ends that the plan has pinned. In ZooKeeper a topic's are moved at once, in Kafka
 * a group's; what is moved already is known by its marker, and the rest is tried again until it is done.
 */
export function moveOffsets(deps: Dependencies) {
  return async ({ job }: RangesStepInput, { signal, progress }: StepContext): Promise<MovedOffsets> => {
    const plan = await requirePlan(deps.hdfs(job.connections.hdfs), job, signal);
    const moves = movesOf(plan, job);
    const groups = [...new Set(moves.map(({ group }) => group))];
    const of = (group: string): TopicMoves[] => moves.filter((each) => each.group === group);
    const kafka = deps.kafka(job.connections.kafka);
    const zookeeper = job.offsets.zookeeper ? await deps.zookeeper(job.connections.zookeeper) : undefined;
    // First all of them, so that a group in the way is found before anything moves.
    let left = false;
    for (const group of groups) {
      if (job.offsets.kafka && (await isMovableInKafka(kafka, job.id, group, of(group)))) left = true;
      if (zookeeper) for (const each of of(group)) if (await isMovableInZooKeeper(zookeeper, job, each)) left = true;
      progress({ checked: group });
    }
    if (left) await assertSameLog(kafka, plan, { signal, progress: () => progress({ checked: 'leaders' }) });
    const moved = new Map<string, MovedGroup>();
    const room = LISTED_BYTES / Math.min(groups.length, LISTED_GROUPS);
    for (const group of groups) moved.set(group, movedGroup(group, of(group), room));
    if (zookeeper)
      for (const each of moves) {
        signal.throwIfAborted();
        const found = moved.get(each.group)!;
        found.zookeeper = both(found.zookeeper, await moveInZooKeeper(zookeeper, job, each));
        progress({ zookeeper: each.topic });
      }
    for (const group of groups) {
      signal.throwIfAborted();
      if (job.offsets.kafka) moved.get(group)!.kafka = await moveInKafka(kafka, job.id, group, of(group));
      progress({ kafka: group });
    }
    const more = groups.length - LISTED_GROUPS;
    return {
      groups: [...moved.values()].slice(0, LISTED_GROUPS),
      remarks: more > 0 ? [`the offsets of ${more} more groups were moved, which are not listed`] : [],
    };
  };
}

function both(one: MoveStatus, other: MoveStatus): MoveStatus {
  return one === 'committed' || other === 'none' ? one : other;
}

function movedGroup(group: string, topics: readonly TopicMoves[], room: number): MovedGroup {
  const offsets = topics.flatMap(({ topic, kafka, zookeeper }) =>
    (kafka.length > 0 ? kafka : zookeeper).map(({ partition, next }) => ({ topic, partition, offset: String(next) })),
  );
  return {
    group,
    topics: topics.length,
    partitions: offsets.length,
    zookeeper: 'none',
    kafka: 'none',
    offsets: firstOf(offsets, room),
  };
}

/** As many as have room in so many bytes of JSON. */
function firstOf<T>(offsets: readonly T[], room: number): T[] {
  let bytes = 0;
  const end = offsets.findIndex((each) => (bytes += Buffer.byteLength(JSON.stringify(each)) + 1) > room);
  return end < 0 ? [...offsets] : offsets.slice(0, end);
}
