// How transactions follow each other: the next one is prepared while the one before is on its way.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { PublishedSequence } from '../../../../activities/replay/publish/replay-sequence.ts';
import { publishSequence } from '../../../../activities/replay/publish/publish-sequence.ts';
import type { Publisher, Transaction } from '../../../../connections/kafka/publish/publish-port.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { stepContext } from '../../../support/step-context.ts';

const RECORDS = 45_000;
/** Flags and timestamp, no key, a value of one byte (record-body.ts). */
const BODY = Buffer.concat([Buffer.alloc(9), Buffer.of(1, 2, 0x78)]);
const key = { timeHi: 0, timeLo: 0, split: 0, sequence: 0 };

/** So many records without a wait. */
function sequenceOf(records: number): PublishedSequence & { taken: number } {
  const files = { length: 1, file: () => ({ split: 0, path: '/a', sourcePartition: 0 }), sourcePartitions: [0] };
  const record = {
    ...key,
    file: 0,
    partition: 0,
    bytes: BODY,
    bodyStart: 0,
    bodyEnd: BODY.length,
    sortedFile: { files },
  };
  return {
    taken: 0,
    record,
    headers: { bytes: Buffer.alloc(0), count: 0 },
    repeats: 0,
    get atEnd() {
      return this.taken === records;
    },
    get ordinal() {
      return this.taken - 1;
    },
    next() {
      if (this.taken === records) return false;
      this.taken += 1;
      return true;
    },
    fill: () => Promise.reject(new Error('nothing is to be waited for')),
    close: async () => undefined,
  };
}

it('sends a transaction while the next one is prepared', async () => {
  const sequence = sequenceOf(RECORDS);
  const committed: { records: number; taken: number }[] = [];
  const publisher: Publisher = {
    // Some requests, each of which waits for its answer.
    commit: async ({ batches }: Transaction) => {
      for (let request = 0; request < 5; request += 1) await turn();
      committed.push({ records: batches.reduce((sum, { count }) => sum + count, 0), taken: sequence.taken });
      return { baseOffsets: [] };
    },
    endHanging: async () => undefined,
    close: async () => undefined,
  };
  const slice = await publishSequence(
    publisher,
    {
      job: replayJob(),
      claim: { topic: 'events_REPLAY', partitions: 1, created: true, maxMessageBytes: 1_000_000 },
      rate: {},
      sequence,
      position: { job: 'a', fingerprint: 'f', published: 0n, lastKey: undefined, transactions: [0] },
      isAll: (published) => published === BigInt(RECORDS),
      shown: () => ({}),
    },
    stepContext(),
  );
  expect(slice).toMatchObject({ done: true, published: String(RECORDS), transactions: committed.length });
  expect(committed.reduce((sum, { records }) => sum + records, 0)).toBe(RECORDS);
  let before = 0;
  for (const { records, taken } of committed.slice(0, -2)) {
    before += records;
    // Those of the next one are not all taken when it has come to its end.
    expect(taken).toBeLessThan(before + records);
  }
  expect(committed.length).toBeGreaterThan(2);
});
