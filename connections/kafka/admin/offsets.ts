import type { Cluster } from '../wire/cluster.ts';
import { errorCode } from '../wire/error-codes.ts';
import { EARLIEST, LATEST, listOffsets } from '../wire/protocol/offsets.ts';
import type { ListOffsetsAnswer } from '../wire/protocol/offsets.ts';
import type { OffsetSpec, PartitionOffset, TopicPartitions } from './admin-port.ts';
import { ofLeaders } from './of-leaders.ts';

/** `AdminPort.listOffsets`. */
export async function listOffsetsOf(
  cluster: Cluster,
  topics: readonly TopicPartitions[],
  at: OffsetSpec,
): Promise<PartitionOffset[]> {
  const request = { at: timestampOf(at), readCommitted: at === 'stable' };
  return ofLeaders(cluster, topics, async (broker, asked) =>
    (await broker.call(listOffsets, { ...request, topics: asked })).map((answer) => offsetOf(answer, at)),
  );
}

function timestampOf(at: OffsetSpec): bigint {
  if (at === 'earliest') return EARLIEST;
  if (at === 'latest' || at === 'stable') return LATEST;
  if (at.time < 0n) throw new RangeError(`offsets by time: expected milliseconds from 0 on, found ${at.time}`);
  return at.time;
}

function offsetOf(answer: ListOffsetsAnswer, at: OffsetSpec): PartitionOffset {
  const { topic, partition, error, offset, timestamp, leaderEpoch } = answer;
  if (error !== 0) return { topic, partition, error: errorCode(error).name };
  return {
    topic,
    partition,
    ...(offset >= 0n ? { offset } : {}),
    ...(typeof at === 'object' && offset >= 0n ? { timestamp } : {}),
    ...(leaderEpoch >= 0 ? { leaderEpoch } : {}),
  };
}
