// Which topics are archived: whole names, exclude wins, internal ones never, replays only by their name.
import { expect, it } from 'vitest';
import { selectTopics } from '../../../activities/log/select-topics.ts';

const overview = (topic: string, internal = false) => ({ topic, internal, partitions: [] });
const TOPICS = ['page_views', 'page_views_REPLAY', 'orders', 'orders.eu'].map((name) => overview(name));

const taken = (include: string[], exclude: string[] = [], replays: string[] = []): string[] =>
  selectTopics([...TOPICS, overview('__consumer_offsets', true)], { include, exclude }, new Set(replays)).taken.map(
    ({ topic }) => topic,
  );

it('takes every topic but internal ones where nothing is said', () => {
  expect(taken([])).toEqual(['orders', 'orders.eu', 'page_views', 'page_views_REPLAY']);
});

it('matches whole names, and lets exclude win', () => {
  expect(taken(['orders'])).toEqual(['orders']);
  expect(taken(['orders.*', 'page_views'], ['orders\\.eu'])).toEqual(['orders', 'page_views']);
});

it('never takes an internal topic, even by its name', () => {
  expect(taken(['__consumer_offsets'])).toEqual([]);
});

it.each([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
])('never takes %s, though the brokers do not call it internal', (topic) => {
  const { taken: none, leftOut } = selectTopics([overview(topic)], { include: [topic], exclude: [] }, new Set());
  expect(none).toEqual([]);
  expect(leftOut).toEqual([{ topic, why: 'internal' }]);
});

it('takes a topic of which nobody but its name says that it is internal', () => {
  const { taken: own } = selectTopics([overview('__orders')], { include: [], exclude: [] }, new Set());
  expect(own).toHaveLength(1);
});

it('takes a topic that a replay fills only by its name', () => {
  expect(taken([], [], ['page_views_REPLAY'])).toEqual(['orders', 'orders.eu', 'page_views']);
  expect(taken(['page.*'], [], ['page_views_REPLAY'])).toEqual(['page_views']);
  expect(taken(['page_views_REPLAY'], [], ['page_views_REPLAY'])).toEqual(['page_views_REPLAY']);
});

it('goes on with a topic of its history that a replay was let into', () => {
  const choice = selectTopics(
    TOPICS,
    { include: [], exclude: [] },
    new Set(['orders', 'orders.eu']),
    new Set(['orders']),
  );
  expect(choice.taken.map(({ topic }) => topic)).toEqual(['orders', 'page_views', 'page_views_REPLAY']);
});

it('says why a topic is left out', () => {
  const { leftOut } = selectTopics(TOPICS, { include: ['orders.*'], exclude: ['orders'] }, new Set());
  expect(leftOut.map(({ topic, why }) => `${topic}: ${why}`)).toEqual([
    'orders: excluded',
    'page_views: not included',
    'page_views_REPLAY: not included',
  ]);
});
