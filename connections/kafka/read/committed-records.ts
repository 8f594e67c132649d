import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import { judgedBatches, lastRecordOf } from './batch-reader.ts';
import type { BatchView } from './batch-reader.ts';
import type { Broker } from '../wire/broker.ts';
import type { Cluster } from '../wire/cluster.ts';
import { leaderError } from '../wire/errors.ts';
import { leaderOf, partitionOffsets, requireTopic } from '../wire/leaders.ts';
import { fetch } from '../wire/protocol/fetch.ts';
import type { FetchAnswer } from '../wire/protocol/fetch.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import { EARLIEST, LATEST } from '../wire/protocol/offsets.ts';
import type { AbortedRecords, LastRecord } from '../replay-log.ts';

const FETCH_BYTES = 4 * 1024 * 1024;
/** Offsets that the first step backwards looks at; each further step is four times as long as the one before. */
const FIRST_STEP = 64n;
const MAX_RANGES = 10;
const PAUSE_MS = 20;

/**
 * `KafkaConnection.lastCommittedRecords`. Waits for transactions that are open now: a commit is answered before its
 * records can be read.
 */
export async function lastCommittedRecords(
  cluster: Cluster,
  topic: string,
  waitTimeoutMs: number,
): Promise<(LastRecord | undefined)[]> {
  const found = await requireTopic(cluster, topic);
  const ends = await settledEnds(cluster, found, waitTimeoutMs);
  const starts = await partitionOffsets(cluster, found, EARLIEST);
  const last: (LastRecord | undefined)[] = [];
  for (const { partition } of found.partitions) {
    const leader = await leaderOf(cluster, found, partition);
    last.push(await lastCommitted(leader, topic, partition, starts[partition]!, ends[partition]!));
  }
  return last;
}

/** `KafkaConnection.firstCommittedOffset`: reads from the log start on, until there is a record of a committed batch. */
export async function firstCommittedOffset(
  cluster: Cluster,
  topic: string,
  partition: number,
): Promise<bigint | undefined> {
  const found = await requireTopic(cluster, topic);
  const [starts, ends] = [
    await partitionOffsets(cluster, found, EARLIEST),
    await partitionOffsets(cluster, found, LATEST, true),
  ];
  const leader = await leaderOf(cluster, found, partition);
  for await (const { batch, kind } of committedRange(leader, topic, partition, starts[partition]!, ends[partition]!))
    if (kind === 'data' && batch.count > 0) return batch.baseOffset;
  return undefined;
}

/** `KafkaConnection.abortedRecords`: reads the range once, whole, and looks at the headers of its batches. */
export async function abortedRecords(
  cluster: Cluster,
  topic: string,
  partition: number,
  from: bigint,
  to: bigint,
): Promise<AbortedRecords> {
  const leader = await leaderOf(cluster, await requireTopic(cluster, topic), partition);
  const result: AbortedRecords = { count: 0n, ranges: [] };
  let open: { from: bigint; to: bigint } | undefined;
  for await (const { batch, kind } of committedRange(leader, topic, partition, from, to)) {
    if (kind !== 'aborted') {
      if (kind === 'data') open = undefined;
      continue;
    }
    const first = batch.baseOffset < from ? from : batch.baseOffset;
    const end = batch.lastOffset >= to ? to : batch.lastOffset + 1n;
    const inRange = end - first;
    result.count += inRange < BigInt(batch.count) ? inRange : BigInt(batch.count);
    if (open !== undefined) open.to = end;
    else {
      open = { from: first, to: end };
      if (result.ranges.length < MAX_RANGES) result.ranges.push(open);
    }
  }
  return result;
}

/** Ends of the partitions, once no transaction that was open at the start is open any more. */
async function settledEnds(cluster: Cluster, topic: TopicMetadata, waitTimeoutMs: number): Promise<bigint[]> {
  const latest = await partitionOffsets(cluster, topic, LATEST);
  const deadline = performance.now() + waitTimeoutMs;
  for (;;) {
    const stable = await partitionOffsets(cluster, topic, LATEST, true);
    const open = stable.findIndex((offset, partition) => offset < latest[partition]!);
    if (open < 0) return stable;
    if (performance.now() > deadline)
      throw new ConnectionError(
        'unavailable',
        `partition ${open} of topic ${topic.name} has held an open transaction at offset ${stable[open]} for ` +
          `${waitTimeoutMs} ms; try again, or look who else writes to the topic`,
        { topic: topic.name, partition: open, offset: String(stable[open]) },
      );
    await sleep(PAUSE_MS);
  }
}

async function lastCommitted(
  leader: Broker,
  topic: string,
  partition: number,
  start: bigint,
  end: bigint,
): Promise<LastRecord | undefined> {
  let to = end;
  for (let step = FIRST_STEP; to > start; step *= 4n) {
    const from = to - step > start ? to - step : start;
    let last: BatchView | undefined;
    for await (const { batch, kind } of committedRange(leader, topic, partition, from, to))
      if (kind === 'data' && batch.count > 0) last = batch;
    if (last !== undefined) return lastRecordOf(last);
    to = from;
  }
  return undefined;
}

/** Batches that have an offset from `from` up to `to`, which may be the end of the log. */
async function* committedRange(
  leader: Broker,
  topic: string,
  partition: number,
  from: bigint,
  to: bigint,
): AsyncGenerator<{ batch: BatchView; kind: 'data' | 'aborted' | 'control' }> {
  for (let offset = from; offset < to;) {
    const before = offset;
    const answer = await fetchFrom(leader, topic, partition, offset);
    for (const judged of judgedBatches(answer)) {
      if (judged.batch.baseOffset >= to) return;
      yield judged;
      offset = judged.batch.lastOffset + 1n;
    }
    if (offset > before) continue;
    // Nothing more below the end that was asked for: compaction can remove the last records of a log.
    if (answer.records.length === 0 && offset >= answer.lastStableOffset) return;
    throw new ConnectionError(
      'unavailable',
      `read of topic ${topic}, partition ${partition}: expected a batch at offset ${offset}, found ` +
        `${answer.records.length} bytes; try again`,
      { topic, partition, offset: String(offset) },
    );
  }
}

async function fetchFrom(leader: Broker, topic: string, partition: number, offset: bigint): Promise<FetchAnswer> {
  const answer = await leader.call(fetch, { topic, partition, offset, maxBytes: FETCH_BYTES });
  if (answer.error !== 0)
    throw leaderError(answer.error, `read of topic ${topic}, partition ${partition}, from offset ${offset}`, {
      topic,
      partition,
      offset,
    });
  return answer;
}
