// A topic that a test, a benchmark or the demo creates is a new one: what is there already may hold records, and have other
// settings and partitions.
import type { Admin, ITopicConfig } from 'kafkajs';
import { expect, it } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';

/** @param refusals - how often a leader doesn't answer yet for what it leads */
function adminOf(there: string[], refusals = 0): { admin: Admin; created: string[]; asked: string[] } {
  const created: string[] = [];
  const asked: string[] = [];
  const admin = {
    listTopics: async () => there,
    createTopics: async ({ topics }: { topics: ITopicConfig[] }) => {
      created.push(...topics.map(({ topic }) => topic));
      // As kafkajs answers where all that fails is what is there already: of a first try that was not answered in time as well.
      return false;
    },
    fetchTopicMetadata: async ({ topics }: { topics: string[] }) => ({
      topics: topics.map((name) => ({ name, partitions: [{ leader: 1 }] })),
    }),
    fetchTopicOffsets: async (topic: string) => {
      asked.push(topic);
      if (asked.length <= refusals)
        throw Object.assign(new Error('not the leader'), { type: 'NOT_LEADER_FOR_PARTITION' });
      return [];
    },
  };
  return { admin: admin as unknown as Admin, created, asked };
}

it('is an error where one of them is there already, by its name, and creates none', async () => {
  const { admin, created } = adminOf(['other', 'old']);
  await expect(createTopics(admin, [{ topic: 'new' }, { topic: 'old' }])).rejects.toThrow(
    'old: expected no such topic, found one; delete it first, and wait until it is gone',
  );
  expect(created).toEqual([]);
});

it('creates what is not there, also where it has to be asked for twice', async () => {
  const { admin, created } = adminOf(['other']);
  await createTopics(admin, [{ topic: 'new' }]);
  expect(created).toEqual(['new']);
});

it('waits until a leader answers that the brokers tell of before it has heard of that', async () => {
  const { admin, asked } = adminOf([], 2);
  await createTopics(admin, [{ topic: 'one' }, { topic: 'two' }]);
  expect(asked).toEqual(['one', 'one', 'one', 'two']);
});
