// What has become of a topic, by its log and by where the archive ends: a way is chosen by it on the day itself.
import { expect, test } from 'vitest';
import { plannedSituation } from '../../../../activities/replay/plan/planned-situation.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';

type Log = [earliest: bigint, latest: bigint];
const ofLogs = (...logs: Log[]) => ({
  describeTopic: async () => ({
    topic: 'events',
    partitions: logs.map(([earliest, latest], partition) => ({ partition, earliest, latest, replicas: 1 })),
    settings: {},
  }),
});
const absent = { describeTopic: async () => undefined };
const of = (kafka: object, next?: Record<string, string>, layout = '0.8') =>
  plannedSituation(kafka as never, { topic: 'events', offsets: { layout } } as never, next && { next });

test('absent: with the partitions that the archive has offsets of', async () => {
  expect(await of(absent, { 0: '10', 3: '5' })).toMatchObject({ state: 'absent', partitions: 4 });
  expect(await of(absent)).toMatchObject({ state: 'absent', partitions: undefined });
});

test.each<[string, Log[], Record<string, string>, string, RegExp]>([
  [
    'a log that ends before the archive',
    [[0n, 5n]],
    { 0: '10' },
    'recreated',
    /partition 0 ends at 5, and the archive at 10/,
  ],
  ['fewer partitions', [[0n, 50n]], { 0: '10', 1: '10' }, 'recreated', /no partition 1/],
  ['a log that never held a record', [[0n, 0n]], {}, 'recreated', /never held/],
  [
    'a log that begins where the archive ends',
    [[10n, 20n]],
    { 0: '10' },
    'trimmed',
    /begins at 10, and the archive ends at 10/,
  ],
  ['one that retention has emptied', [[10n, 10n]], { 0: '10' }, 'trimmed', /begins at 10/],
  ['a log from its beginning on', [[0n, 20n]], { 0: '10' }, 'alive', /nothing was deleted/],
  [
    'one partition of several that was trimmed',
    [
      [0n, 20n],
      [7n, 20n],
    ],
    { 0: '10', 1: '10' },
    'trimmed',
    /^partition 1/,
  ],
])('%s', async (_, logs, next, state, why) => {
  const situation = await of(ofLogs(...logs), next);
  expect(situation.state).toBe(state);
  expect(situation.why).toMatch(why);
});

test('a gap is told: offsets that are in neither', async () => {
  expect((await of(ofLogs([11n, 20n]), { 0: '10' })).gap).toBe(true);
  expect((await of(ofLogs([10n, 20n]), { 0: '10' })).gap).toBe(false);
});

test('without a history the log alone tells', async () => {
  expect((await of(ofLogs([4n, 9n]))).state).toBe('trimmed');
  expect((await of(ofLogs([0n, 9n]))).state).toBe('alive');
});

test('offsets of Kafka 0.7 are bytes, and compared with nothing', async () => {
  expect((await of(ofLogs([0n, 9n]), { '1-0': '123456' }, '0.7')).state).toBe('alive');
});

test('a topic that may not be asked is no problem of the plan', async () => {
  const denied = { describeTopic: () => Promise.reject(new ConnectionError('denied', 'no right')) };
  expect(await of(denied)).toMatchObject({ state: 'unknown', why: 'no right' });
});
