import { setImmediate as turn } from 'node:timers/promises';
import { ConnectionError } from '../../connection-error.ts';
import type { FetchAnswer } from '../wire/protocol/fetch.ts';
import { offsetBehind } from './batch-head.ts';
import { FetchedBatch } from './fetched-batch.ts';
import { judgeBatches } from './judge-batches.ts';
import type { LogBatch, OffsetRange } from './topic-reader.ts';

/** Where the bytes come from. */
export interface BatchSource {
  /** An answer without an error: with batches, or with none where there is none behind `offset` now. */
  fetch(offset: bigint): Promise<FetchAnswer>;
  /** Waits before the next look. */
  pause(ms: number): Promise<void>;
}

export interface StreamOptions {
  readCommitted: boolean;
  waitTimeoutMs: number;
  /** Whether the topic is compacted, so that batches below the end of the log may be gone. */
  isCompacted: () => Promise<boolean>;
}

const PAUSE_MS = 100;
/** Bytes of batches after which the network has its turn: else what comes meanwhile waits for the end of an answer. */
const TURN_BYTES = 256 * 1024;

/** `TopicReader.read`: the batches of a range, the next fetch under way while those of the last one are used. */
export async function* batchStream(
  fetcher: BatchSource,
  range: OffsetRange,
  options: StreamOptions,
): AsyncGenerator<LogBatch> {
  let ahead: Promise<FetchAnswer> | undefined;
  let deadline = performance.now() + options.waitTimeoutMs;
  let empty = 0;
  for (let offset = range.from; offset < range.to;) {
    const answer = await (ahead ?? fetcher.fetch(offset));
    ahead = undefined;
    const behind = offsetBehind(answer.records);
    if (behind === undefined) {
      if (answer.records.length > 0) throw cut(range, offset, answer.records.length);
      empty++;
      if (await isOver(fetcher, range, offset, answer, options, { empty, deadline })) return;
      continue;
    }
    empty = 0;
    if (behind < range.to) {
      ahead = fetcher.fetch(behind);
      ahead.catch(() => undefined); // it is awaited, and so thrown, at the next turn
    }
    let sinceTurn = 0;
    for (const judged of judgeBatches(options.readCommitted ? answer : { ...answer, aborted: [] })) {
      const { baseOffset, lastOffset } = judged.head;
      if (lastOffset < offset) continue; // a broker may begin with what stands before
      if (baseOffset >= range.to) return;
      if (offset > range.from && baseOffset < offset) throw overlap(range, offset, baseOffset);
      yield new FetchedBatch(judged, range);
      offset = lastOffset + 1n;
      sinceTurn += judged.head.bytes;
      if (sinceTurn < TURN_BYTES) continue;
      sinceTurn = 0;
      await turn();
    }
    deadline = performance.now() + options.waitTimeoutMs;
  }
}

/** What no batch at an offset below `to` means: that all is read (true), that it is worth waiting, or an error. */
async function isOver(
  fetcher: BatchSource,
  { topic, partition, to }: OffsetRange,
  offset: bigint,
  answer: FetchAnswer,
  { readCommitted, isCompacted }: StreamOptions,
  { empty, deadline }: { empty: number; deadline: number },
): Promise<boolean> {
  const end = readCommitted ? answer.lastStableOffset : answer.highWatermark;
  if (end >= to && empty > 1 && (await isCompacted())) return true;
  if (performance.now() < deadline) {
    await fetcher.pause(PAUSE_MS);
    return false;
  }
  const read = `read of topic ${topic}, partition ${partition}`;
  const facts = { topic, partition, offset: String(offset), to: String(to), end: String(end) };
  if (end >= to)
    throw new ConnectionError(
      'unavailable',
      `${read}: expected a batch at offset ${offset}, found none; try again`,
      facts,
    );
  if (answer.highWatermark >= to)
    throw new ConnectionError(
      'unavailable',
      `${read}: expected to read up to offset ${to}, found a transaction that is open since offset ${end}; try again, ` +
        'or end it with kafka-transactions.sh',
      facts,
    );
  throw new ConnectionError(
    'changed',
    `${read}: expected the log to reach offset ${to}, found its end at ${answer.highWatermark}: it has lost records; ` +
      'look at unclean.leader.election.enable, and who re-created the topic',
    facts,
  );
}

function cut({ topic, partition }: OffsetRange, offset: bigint, bytes: number): ConnectionError {
  return new ConnectionError(
    'truncated',
    `read of topic ${topic}, partition ${partition}: expected a whole batch at offset ${offset}, found ${bytes} bytes ` +
      'of one; try again',
    { topic, partition, offset: String(offset) },
  );
}

function overlap({ topic, partition }: OffsetRange, offset: bigint, found: bigint): ConnectionError {
  return new ConnectionError(
    'refused',
    `read of topic ${topic}, partition ${partition}: expected a batch at offset ${offset} or above, found one at ` +
      `${found}; the log is damaged: look at the disks of the brokers that hold it`,
    { topic, partition, offset: String(offset) },
  );
}
