// What a job reads, and for whom: topics by name or by patterns, for one group or several, each once.
import { beforeEach, expect, it } from 'vitest';
import { MemoryRanges } from '../../support/memory-ranges.ts';

let ranges: MemoryRanges;
/** What functions got: group, topic, value. */
let seen: [string, string, string][];
beforeEach(async () => {
  seen = [];
  ranges = new MemoryRanges({
    range: {
      see: async ({ group, topic }, records) => {
        for await (const batch of records) for (const { value } of batch) seen.push([group, topic, String(value)]);
      },
    },
  });
  for (const name of ['orders.eu', 'orders.us', 'orders.test', 'returns']) await ranges.topic(name, [name]);
});

it('reads topics whose whole names match a pattern and none that is left out', async () => {
  const topics = { include: ['orders\\..+'], exclude: ['.*\\.test'] };
  await ranges.whole({ inputs: [{ topics, group: 'g', function: 'see' }] });
  expect(seen).toEqual([
    ['g', 'orders.eu', 'orders.eu'],
    ['g', 'orders.us', 'orders.us'],
  ]);
  expect(await ranges.offsets('g', 'orders.us')).toEqual({ 0: 1 });
  expect(await ranges.offsets('g', 'orders.test')).toEqual({});
});

it('reads a topic for several groups, each from where it has got to', async () => {
  await ranges.append('returns', 0, ['more']);
  ranges.commit('b', 'returns', { 0: 1 });
  const inputs = ['a', 'b', 'c'].map((group) => ({ topic: 'returns', group, function: 'see' }));
  inputs[2] = { ...inputs[2]!, ...{ start: 'latest' } };
  const { moved } = await ranges.whole({ inputs });
  expect(seen.toSorted()).toEqual([
    ['a', 'returns', 'more'],
    ['a', 'returns', 'returns'],
    ['b', 'returns', 'more'],
  ]);
  expect(moved.groups.map(({ group, kafka }) => [group, kafka])).toEqual(
    ['a', 'b', 'c'].map((group) => [group, 'committed']),
  );
  expect(await ranges.offsets('c', 'returns')).toEqual({ 0: 2 });
});

it.each([
  [[{ topics: { include: ['nothing.*'] } }], 'input 0: no topic matches nothing.*'],
  [[{ topic: 'nothing' }], 'input 0: there is no topic nothing'],
  [
    [{ topic: 'returns' }, { topics: { include: ['r.*'] } }],
    'returns is read twice for group g: by input 0 and by input 1',
  ],
])('refuses what can not be read, before anything is begun: %j', async (of, message) => {
  const job = await ranges.validate({ inputs: of.map((input) => ({ ...input, group: 'g', function: 'see' })) });
  await expect(ranges.plan(job)).rejects.toMatchObject({ code: 'ranges-unplannable' });
  await expect(ranges.plan(job)).rejects.toThrow(message);
  expect(seen).toEqual([]);
});
