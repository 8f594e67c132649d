import type { RangesJob } from '../job/ranges-job.ts';
import type { RangesPlan } from '../plan/range-plan-file.ts';

/** Where the offsets of a group and topic go, by partition. */
export interface TopicMoves {
  group: string;
  topic: string;
  topicId: string | undefined;
  kafka: Move[];
  zookeeper: Move[];
}

export interface Move {
  partition: number;
  /** What the group had when the job was planned; undefined: none. */
  before: bigint | undefined;
  next: bigint;
  /** Of the log that `next` is of. */
  leaderEpoch: number | undefined;
}

/** The offsets that a plan moves: of partitions that are read, and of those that a group learns. */
export function movesOf({ partitions }: Pick<RangesPlan, 'partitions'>, { inputs, offsets }: RangesJob): TopicMoves[] {
  const byTopic = new Map<string, TopicMoves>();
  for (const planned of partitions) {
    const { topic, topicId, partition } = planned;
    const { group } = inputs[planned.input]!;
    const key = JSON.stringify([group, topic]);
    const moves = byTopic.get(key) ?? { group, topic, topicId, kafka: [], zookeeper: [] };
    byTopic.set(key, moves);
    const next = BigInt(planned.to);
    for (const place of ['kafka', 'zookeeper'] as const) {
      const before = planned[place] === undefined ? undefined : BigInt(planned[place]);
      // Of a topic that was made anew the same number is another offset: it moves with the topic's id.
      if (offsets[place] && (before !== next || planned.ranges > 0))
        moves[place].push({ partition, before, next, leaderEpoch: planned.leaderEpoch });
    }
  }
  return [...byTopic.values()].filter(({ kafka, zookeeper }) => kafka.length + zookeeper.length > 0);
}
