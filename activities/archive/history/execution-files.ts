import type { ExecutionFile } from '../../../layouts/archive-writing.ts';
import { REWIND_JSON } from '../../../layouts/execution-account.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { completeByTopic } from '../decision/complete-to.ts';
import type { Decision } from '../decision/decision.ts';
import type { RewindJson } from './rewind-json.ts';

/** The files of an execution: what the next run goes on from, whoever that is. */
export function executionFiles(decision: Decision): ExecutionFile[] {
  const { head, partitions, errors, counts } = decision;
  return [
    ...writtenLayout().executionFiles({
      name: head.execution,
      partitions: partitions.map(({ topic, partition, leader, leaderAddress, latest, start, next, messageSize }) => ({
        topic,
        partition,
        leader,
        leaderAddress,
        latest: latest === undefined ? undefined : BigInt(latest),
        start: BigInt(start),
        next: BigInt(next),
        messageSize,
      })),
      errors: errors.map((each) => ({ ...each, offset: BigInt(each.offset) })),
      counts: counts.map((each) => each.counts),
    }),
    { name: REWIND_JSON, chunks: [Buffer.from(JSON.stringify(rewindJsonOf(decision)))] },
  ];
}

function rewindJsonOf({ head, partitions }: Decision): RewindJson {
  const topicIds: Record<string, string> = {};
  for (const { topic, topicId, leaderAddress } of partitions)
    // A partition that was only carried over may be of an earlier life of its topic.
    if (topicId !== undefined && (leaderAddress !== undefined || topicIds[topic] === undefined))
      topicIds[topic] = topicId;
  return {
    version: 1,
    job: head.job,
    execution: head.execution,
    ...(head.predecessor !== undefined && { predecessor: head.predecessor }),
    ...(head.exec !== undefined && { exec: head.exec }),
    ...(head.post !== undefined && { post: head.post }),
    topicIds,
    complete: Object.fromEntries(completeByTopic(partitions)),
    partitions: partitions.map(({ topic, partition, start, next, records, leaderEpoch, topicId, missing, left }) => ({
      topic,
      partition,
      start,
      next,
      records,
      ...(leaderEpoch !== undefined && { leaderEpoch }),
      ...(topicId !== undefined && { topicId }),
      missing,
      left,
    })),
  };
}
