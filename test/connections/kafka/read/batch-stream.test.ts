// The next fetch is answered while the batches of the last one are used, not behind them.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { batchStream } from '../../../../connections/kafka/read/batch-stream.ts';
import type { FetchAnswer } from '../../../../connections/kafka/wire/protocol/fetch.ts';
import { logBatch } from '../../../support/kafka/log-batch.ts';
import { batchOf } from '../../../support/odd-records.ts';

const BATCHES = 6;

/** An answer with batches of one record of 200 KB, from an offset on. */
async function answerFrom(first: number): Promise<FetchAnswer> {
  const record = { key: null, value: Buffer.alloc(200_000, 'x'), timestamp: 0n, headers: [] };
  const batches: Buffer[] = [];
  for (let offset = first; offset < first + BATCHES; offset += 1)
    batches.push(await logBatch(BigInt(offset), batchOf('t', 0, [record])));
  const end = { highWatermark: 2n * BigInt(BATCHES), lastStableOffset: 2n * BigInt(BATCHES), logStart: 0n };
  return { error: 0, throttledMs: 0, ...end, aborted: [], records: Buffer.concat(batches) };
}

it('has the answer to the next fetch before the last one is used up', async () => {
  const answers = new Map([
    [0n, await answerFrom(0)],
    [BigInt(BATCHES), await answerFrom(BATCHES)],
  ]);
  const answered: bigint[] = [];
  const fetcher = {
    fetch: async (offset: bigint) => {
      // As the network does, which is looked at when the thread has nothing else to do.
      await turn();
      answered.push(offset);
      return answers.get(offset)!;
    },
    pause: async () => undefined,
  };
  const range = { topic: 't', partition: 0, from: 0n, to: 2n * BigInt(BATCHES) };
  const seen: [offset: bigint, answers: number][] = [];
  const options = { readCommitted: true, waitTimeoutMs: 1_000, isCompacted: async () => false };
  for await (const { baseOffset } of batchStream(fetcher, range, options)) seen.push([baseOffset, answered.length]);
  expect(seen.map(([offset]) => offset)).toEqual(Array.from({ length: 2 * BATCHES }, (_, n) => BigInt(n)));
  expect(seen[0]).toEqual([0n, 1]);
  expect(seen[BATCHES - 1]).toEqual([BigInt(BATCHES) - 1n, 2]);
});
