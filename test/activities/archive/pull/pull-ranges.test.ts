// A range is of one life of its topic: one that was made anew since the plan has other records at the same offsets.
import { expect, it } from 'vitest';
import { pullRanges } from '../../../../activities/archive/pull/pull-ranges.ts';
import type { PullParts } from '../../../../activities/archive/pull/pull-ranges.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { OffsetRange, TopicReader } from '../../../../connections/kafka/read/topic-reader.ts';
import { writtenLayout } from '../../../../layouts/written-layout.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const LIVE = 'b'.repeat(32);

function partsWith(asked: OffsetRange[]): PullParts {
  const reader: TopicReader = {
    async *read(range) {
      asked.push(range);
      if ((range.topicId ?? LIVE) !== LIVE) throw new ConnectionError('changed', 'the topic was created again', {});
    },
    close: async () => undefined,
  };
  return {
    store: new MemoryFileStore(),
    reader,
    epochs: { epochEnds: async () => [] },
    buckets: writtenLayout().buckets({}),
    pathOf: () => '/dest/file',
    valuesOf: () => ({}) as never,
    countsOf: () => undefined,
    folder: '/staging',
    rules: { horizon: Infinity, wild: 'kafka', oldest: -Infinity, span: Infinity, policy: 'fail' },
    giveUpLeaders: false,
    signal: new AbortController().signal,
    pace: async () => undefined,
    progress: () => undefined,
  };
}

it('reads the topic that was planned, and leaves one that was made anew since to the next run', async () => {
  const asked: OffsetRange[] = [];
  const range = { partition: 0, leader: '1', from: 5n, to: 10n };
  const lines = await pullRanges(
    [
      { ...range, topic: 'gone', topicId: 'a'.repeat(32) },
      { ...range, topic: 'there', topicId: LIVE },
    ],
    partsWith(asked),
  );
  expect(asked.map(({ topicId }) => topicId)).toEqual(['a'.repeat(32), LIVE]);
  expect(lines).toMatchObject([
    { topic: 'gone', next: '5', cut: { why: 'problem' } },
    { topic: 'there', next: '10' },
  ]);
});

it('takes nothing of a range whose log lost its end in an unclean election while it was read', async () => {
  const range = { topic: 't', leader: '1', from: 5n, to: 10n, leaderEpoch: 3 };
  const parts = partsWith([]);
  const asked: number[] = [];
  let tries = 0;
  const epochEnds: PullParts['epochs']['epochEnds'] = async (of) => {
    asked.push(...of.map(({ leaderEpoch }) => leaderEpoch));
    tries += 1;
    return of.map(({ topic, partition }) =>
      tries === 1 && partition === 1
        ? { topic, partition, error: 'NOT_LEADER_OR_FOLLOWER' }
        : { topic, partition, offset: partition === 0 ? 8n : 10n },
    );
  };
  const lines = await pullRanges(
    [
      { ...range, partition: 0 },
      { ...range, partition: 1 },
      { ...range, partition: 2, leaderEpoch: undefined },
    ],
    { ...parts, epochs: { epochEnds } },
  );
  expect(asked).toEqual([3, 3, 3]);
  expect(lines).toMatchObject([
    { partition: 0, next: '5', records: 0, cut: { message: expect.stringContaining('from offset 8 on') as string } },
    { partition: 1, next: '10' },
    { partition: 2, next: '10' },
  ]);
});
