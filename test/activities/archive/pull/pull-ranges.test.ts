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
