import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { Cluster } from '../wire/cluster.ts';
import { partitionOffsets, requireTopic } from '../wire/leaders.ts';
import type { TopicMetadata } from '../wire/protocol/metadata.ts';
import { EARLIEST, LATEST } from '../wire/protocol/offsets.ts';
import { readRange } from './open-reader.ts';
import type { AbortedRecords, LastRecord, LastRecordsOptions } from './read-port.ts';
import type { LogBatch, OffsetRange } from './topic-reader.ts';

/** Offsets that the first step backwards looks at; each further step is four times as long as the one before. */
const FIRST_STEP = 64n;
const MAX_RANGES = 10;
const PAUSE_MS = 20;

/**
 * `ReadPort.lastCommittedRecords`. Waits for transactions that are open now, unless told not to: a commit is answered
 * before its records can be read.
 */
export async function lastCommittedRecords(
  cluster: Cluster,
  topic: string,
  waitTimeoutMs: number,
  { open = 'wait' }: LastRecordsOptions = {},
): Promise<(LastRecord | undefined)[]> {
  const found = await requireTopic(cluster, topic);
  const ends =
    open === 'wait'
      ? await settledEnds(cluster, found, waitTimeoutMs)
      : await partitionOffsets(cluster, found, LATEST, true);
  const starts = await partitionOffsets(cluster, found, EARLIEST);
  const last: (LastRecord | undefined)[] = [];
  for (const { partition } of found.partitions) {
    const range = { topic, topicId: found.id, partition, from: starts[partition]!, to: ends[partition]! };
    last.push(await lastCommitted(cluster, range));
  }
  return last;
}

/** `ReadPort.firstCommittedOffset`: reads from the log start on, until there is a record of a committed batch. */
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
  const range = { topic, topicId: found.id, partition, from: starts[partition]!, to: ends[partition]! };
  for await (const batch of readRange(cluster, range))
    if (batch.kind === 'data') for await (const run of batch.records()) if (run.next()) return run.offset;
  return undefined;
}

/** `ReadPort.abortedRecords`: reads the range once, whole, and looks at the headers of its batches. */
export async function abortedRecords(
  cluster: Cluster,
  topic: string,
  partition: number,
  from: bigint,
  to: bigint,
): Promise<AbortedRecords> {
  const result: AbortedRecords = { count: 0n, ranges: [] };
  let open: { from: bigint; to: bigint } | undefined;
  for await (const batch of readRange(cluster, { topic, partition, from, to })) {
    if (batch.kind !== 'aborted') {
      if (batch.kind === 'data') open = undefined;
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

async function lastCommitted(cluster: Cluster, range: OffsetRange): Promise<LastRecord | undefined> {
  let { to } = range;
  for (let step = FIRST_STEP; to > range.from; step *= 4n) {
    const from = to - step > range.from ? to - step : range.from;
    let last: LogBatch | undefined;
    for await (const batch of readRange(cluster, { ...range, from, to }))
      if (batch.kind === 'data' && batch.count > 0) last = batch;
    const record = last === undefined ? undefined : await lastRecordOf(last);
    if (record !== undefined) return record;
    to = from;
  }
  return undefined;
}

/** The last record of a batch that is in the range; copied, since a view would keep the whole answer. */
async function lastRecordOf(batch: LogBatch): Promise<LastRecord | undefined> {
  let last: LastRecord | undefined;
  for await (const run of batch.records())
    while (run.next())
      last = {
        offset: run.offset,
        timestamp: run.timestamp,
        // Of a name that is repeated the first counts: a replay's own headers stand before those that a record brings.
        headers: Object.fromEntries(
          run
            .headers()
            .reverse()
            .map(({ name, value }) => [name, Buffer.from(value ?? [])]),
        ),
      };
  return last;
}
