// A commit of consumer offsets is all or nothing, is known again by the attempt that comes after a lost answer, and
// never takes the place of offsets that somebody else has without being told to. Faults are placed between the calls
// of a ZooKeeper in memory; test/integration/zookeeper does the same with a real one.
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { commitConsumerOffsets } from '../../../connections/zookeeper/consumer-offsets.ts';
import type { CommitRequest } from '../../../connections/zookeeper/consumer-offsets.ts';
import { MemoryNodeStore } from '../../support/memory-node-store.ts';

const OFFSETS = '/consumers/shop/offsets/web.orders';
const MARKER = '/consumers/shop/rewind/web.orders';

const request = (changes: Partial<CommitRequest> = {}): CommitRequest =>
  ({
    group: 'shop',
    topic: 'web.orders',
    layout: '0.8',
    offsets: [
      { partition: 0, offset: 100n },
      { partition: 1, offset: 9007199254740993n },
      { partition: 10, offset: 0n },
    ],
    existing: 'leave',
    job: 'replay-1',
    ...changes,
  }) as CommitRequest;

const committed = [
  { partition: '0', value: '100' },
  { partition: '1', value: '9007199254740993' },
  { partition: '10', value: '0' },
];

const lost = (): ConnectionError => new ConnectionError('unavailable', 'the answer was lost');

/** Lets something happen at the first multi only. */
const atFirstMulti = (store: MemoryNodeStore, moment: 'before' | 'after', act: () => void): void => {
  let done = false;
  store.interruption = ({ call }, when) => {
    if (call !== 'multi' || when !== moment || done) return;
    done = true;
    act();
  };
};

const withConsumers = (): MemoryNodeStore => {
  const store = new MemoryNodeStore();
  store.put('/consumers', '');
  return store;
};

describe('a group without offsets of the topic', () => {
  it('gets them as decimal text, with all parents and a marker, in one multi', async () => {
    const store = withConsumers();
    let multis = 0;
    store.interruption = ({ call }, when) => {
      if (call === 'multi' && when === 'before') multis += 1;
    };
    const began = Date.now();
    const outcome = await commitConsumerOffsets(store, request());
    expect(multis).toBe(1);
    expect(outcome).toMatchObject({
      outcome: 'committed',
      offsets: committed,
      others: [],
      replaced: [],
      consumers: [],
    });
    expect(outcome.created).toEqual(['/consumers/shop', '/consumers/shop/offsets', OFFSETS, '/consumers/shop/rewind']);
    const { [MARKER]: marker, ...nodes } = store.dump();
    expect(nodes).toEqual({
      '/consumers': '',
      '/consumers/shop': '',
      '/consumers/shop/offsets': '',
      '/consumers/shop/rewind': '',
      [OFFSETS]: '',
      [`${OFFSETS}/0`]: '100',
      [`${OFFSETS}/1`]: '9007199254740993',
      [`${OFFSETS}/10`]: '0',
    });
    expect(JSON.parse(marker!)).toEqual({
      version: 1,
      job: 'replay-1',
      at: outcome.commit?.at,
      layout: '0.8',
      offsets: { '0': '100', '1': '9007199254740993', '10': '0' },
    });
    const at = Date.parse(outcome.commit!.at);
    expect([at >= began, at <= Date.now()]).toEqual([true, true]);
  });

  it('gets them in the layout of Kafka 0.7 by node and partition', async () => {
    const store = withConsumers();
    const offsets = [
      { partition: '12-0', offset: 4060000n },
      { partition: '12-3', offset: 1n },
    ];
    const outcome = await commitConsumerOffsets(store, request({ layout: '0.7', offsets }));
    expect(outcome.outcome).toBe('committed');
    expect(store.dump(OFFSETS)).toEqual({ [`${OFFSETS}/12-0`]: '4060000', [`${OFFSETS}/12-3`]: '1' });
  });

  it('gets /consumers too where no broker has made it, which the outcome tells', async () => {
    const store = new MemoryNodeStore();
    const outcome = await commitConsumerOffsets(store, request());
    expect(outcome.created[0]).toBe('/consumers');
  });

  it('gives all new nodes the access control list of /consumers', async () => {
    const store = withConsumers();
    store.interruption = (call) => {
      if (call.call === 'multi')
        for (const operation of call.operations) expect(operation).toMatchObject({ op: 'create', aclOf: '/consumers' });
    };
    expect((await commitConsumerOffsets(store, request())).outcome).toBe('committed');
  });

  it('keeps what it has of other topics, and empty nodes do not count as offsets', async () => {
    const store = withConsumers();
    store.put('/consumers/shop/offsets/other/0', '7');
    store.put(OFFSETS, '');
    const outcome = await commitConsumerOffsets(store, request({ existing: 'fail' }));
    expect(outcome).toMatchObject({ outcome: 'committed', created: ['/consumers/shop/rewind'] });
    expect(store.dump('/consumers/shop/offsets/other')).toEqual({ '/consumers/shop/offsets/other/0': '7' });
  });

  it('tells which consumers run, as they may not look at the new offsets', async () => {
    const store = withConsumers();
    store.put('/consumers/shop/ids/shop_host-1-abc', '{}');
    const outcome = await commitConsumerOffsets(store, request());
    expect(outcome).toMatchObject({ outcome: 'committed', consumers: ['shop_host-1-abc'] });
  });
});

describe('a multi that fails', () => {
  it('leaves nothing, and a conflicting node that came in between is found at the next try', async () => {
    const store = withConsumers();
    atFirstMulti(store, 'before', () => store.put(`${OFFSETS}/10`, '5'));
    const outcome = await commitConsumerOffsets(store, request());
    expect(outcome).toMatchObject({
      outcome: 'left alone',
      offsets: [{ partition: '10', value: '5' }],
      commit: undefined,
    });
    expect(store.dump(OFFSETS)).toEqual({ [`${OFFSETS}/10`]: '5' });
    expect(store.dump(MARKER)).toEqual({});
  });

  it('leaves nothing when the session expires before it', async () => {
    const store = withConsumers();
    atFirstMulti(store, 'before', () => {
      throw lost();
    });
    await expect(commitConsumerOffsets(store, request())).rejects.toMatchObject({ fault: 'unavailable' });
    expect(store.dump()).toEqual({ '/consumers': '' });
    expect((await commitConsumerOffsets(store, request())).outcome).toBe('committed');
  });

  it('is tried again where only a parent came in between', async () => {
    const store = withConsumers();
    atFirstMulti(store, 'before', () => store.put('/consumers/shop/offsets', ''));
    expect((await commitConsumerOffsets(store, request())).outcome).toBe('committed');
  });

  it('is not tried for ever', async () => {
    const store = withConsumers();
    let multis = 0;
    store.interruption = ({ call }, when) => {
      if (call !== 'multi' || when !== 'before') return;
      multis += 1;
      throw new ConnectionError('changed', 'never holds', { index: 0 });
    };
    await expect(commitConsumerOffsets(store, request())).rejects.toMatchObject({
      fault: 'changed',
      message: expect.stringMatching(/web\.orders for group shop .* each of 5 tries.*never holds/) as string,
    });
    expect(multis).toBe(5);
  });
});

describe('a retry after a lost answer', () => {
  const committedWithoutAnswer = async (changes: Partial<CommitRequest> = {}): Promise<MemoryNodeStore> => {
    const store = withConsumers();
    atFirstMulti(store, 'after', () => {
      throw lost();
    });
    await expect(commitConsumerOffsets(store, request(changes))).rejects.toMatchObject({ retryable: true });
    return store;
  };

  it.each(['leave', 'fail', 'overwrite'] as const)('knows its own commit (existing: %s)', async (existing) => {
    const store = await committedWithoutAnswer({ existing });
    const before = store.dump();
    expect(await commitConsumerOffsets(store, request({ existing }))).toMatchObject({
      outcome: 'already',
      offsets: committed,
      commit: { job: 'replay-1' },
    });
    expect(store.dump()).toEqual(before);
  });

  it('knows it even where a consumer has moved on, and tells what is there now', async () => {
    const store = await committedWithoutAnswer({ existing: 'overwrite' });
    store.put(`${OFFSETS}/0`, '150');
    store.put(`${OFFSETS}/7`, '3');
    store.put('/consumers/shop/ids/c1', '');
    expect(await commitConsumerOffsets(store, request({ existing: 'overwrite' }))).toMatchObject({
      outcome: 'already',
      offsets: [{ partition: '0', value: '150' }, ...committed.slice(1)],
      others: [{ partition: '7', value: '3' }],
      consumers: ['c1'],
    });
    expect(store.dump(OFFSETS)[`${OFFSETS}/0`]).toBe('150');
  });

  it('knows it wherever in its look around the first multi lands', async () => {
    const earlier = withConsumers();
    await commitConsumerOffsets(earlier, request());
    let landings = 0;
    for (let at = 1; ; at += 1) {
      const store = withConsumers();
      let calls = 0;
      store.interruption = (_, when) => {
        if (when !== 'before' || (calls += 1) !== at) return;
        for (const [path, data] of Object.entries(earlier.dump('/consumers'))) store.put(path, data);
        landings += 1;
      };
      const outcome = await commitConsumerOffsets(store, request({ existing: 'fail' }));
      if (calls < at || outcome.outcome === 'committed') break;
      expect(outcome).toMatchObject({ outcome: 'already', offsets: committed });
    }
    // Every call up to the multi.
    expect(landings).toBeGreaterThan(8);
  });

  it('does not take the marker of another job for its own', async () => {
    const store = await committedWithoutAnswer();
    expect(await commitConsumerOffsets(store, request({ job: 'replay-2' }))).toMatchObject({
      outcome: 'left alone',
      commit: { job: 'replay-1' },
    });
    await expect(commitConsumerOffsets(store, request({ job: 'replay-2', existing: 'fail' }))).rejects.toMatchObject({
      fault: 'exists',
    });
  });

  it('does not take the commit of other offsets by a job of the same name for its own', async () => {
    const store = await committedWithoutAnswer();
    const offsets = [{ partition: 0, offset: 101n }];
    expect((await commitConsumerOffsets(store, request({ offsets }))).outcome).toBe('left alone');
  });

  it.each(['', 'no JSON', '{}', '[]', 'null', '{"version":1,"job":"replay-1"}'])(
    'does not take %j for a marker',
    async (data) => {
      const store = await committedWithoutAnswer();
      store.put(MARKER, data);
      expect((await commitConsumerOffsets(store, request())).outcome).toBe('left alone');
    },
  );

  it('commits again where the offsets and the marker were removed', async () => {
    const store = await committedWithoutAnswer();
    store.remove('/consumers/shop');
    expect((await commitConsumerOffsets(store, request())).outcome).toBe('committed');
  });
});

describe('a group that has offsets of the topic', () => {
  const taken = (): MemoryNodeStore => {
    const store = withConsumers();
    store.put(`${OFFSETS}/0`, '41');
    store.put(`${OFFSETS}/2`, '42');
    store.put(`${OFFSETS}/11`, 'odd');
    return store;
  };

  it('is left alone and reported', async () => {
    const store = taken();
    const before = store.dump();
    expect(await commitConsumerOffsets(store, request())).toMatchObject({
      outcome: 'left alone',
      offsets: [{ partition: '0', value: '41' }],
      others: [
        { partition: '2', value: '42' },
        { partition: '11', value: 'odd' },
      ],
      commit: undefined,
    });
    expect(store.dump()).toEqual(before);
  });

  it('is an error that names the offsets, where the job says so', async () => {
    const store = taken();
    const before = store.dump();
    await expect(commitConsumerOffsets(store, request({ existing: 'fail' }))).rejects.toMatchObject({
      fault: 'exists',
      message: expect.stringMatching(/group shop has offsets of web\.orders .*0: 41, 2: 42, 11: odd/) as string,
    });
    expect(store.dump()).toEqual(before);
  });

  it('is overwritten where the job says so, partitions apart that it does not name', async () => {
    const store = taken();
    expect(await commitConsumerOffsets(store, request({ existing: 'overwrite' }))).toMatchObject({
      outcome: 'committed',
      offsets: committed,
      replaced: [{ partition: '0', value: '41' }],
      others: [
        { partition: '2', value: '42' },
        { partition: '11', value: 'odd' },
      ],
    });
    expect(store.dump(OFFSETS)).toEqual({
      [`${OFFSETS}/0`]: '100',
      [`${OFFSETS}/1`]: '9007199254740993',
      [`${OFFSETS}/10`]: '0',
      [`${OFFSETS}/11`]: 'odd',
      [`${OFFSETS}/2`]: '42',
    });
  });

  it('is overwritten only as it was read: what a consumer writes in between is read again', async () => {
    const store = taken();
    atFirstMulti(store, 'before', () => store.put(`${OFFSETS}/0`, '43'));
    expect(await commitConsumerOffsets(store, request({ existing: 'overwrite' }))).toMatchObject({
      outcome: 'committed',
      replaced: [{ partition: '0', value: '43' }],
    });
  });

  it('takes the place of the marker of an earlier job', async () => {
    const store = taken();
    await commitConsumerOffsets(store, request({ existing: 'overwrite', job: 'replay-0' }));
    await commitConsumerOffsets(store, request({ existing: 'overwrite' }));
    expect(JSON.parse(store.dump('/consumers/shop/rewind')[MARKER]!)).toMatchObject({ job: 'replay-1' });
  });

  it('is not overwritten while consumers run, which the error names', async () => {
    const store = taken();
    for (let i = 0; i < 7; i += 1) store.put(`/consumers/shop/ids/c${i}`, '');
    const before = store.dump();
    await expect(commitConsumerOffsets(store, request({ existing: 'overwrite' }))).rejects.toMatchObject({
      fault: 'exists',
      message: expect.stringMatching(/c0, c1, c2, c3, c4 and 2 more.*Stop them/) as string,
    });
    expect(store.dump()).toEqual(before);
  });
});

describe('a request that cannot be right', () => {
  const one = (partition: unknown, offset = 1n): Partial<CommitRequest> =>
    ({ offsets: [{ partition, offset }] }) as Partial<CommitRequest>;
  it.each<[string, Partial<CommitRequest>, RegExp]>([
    ['no offsets', { offsets: [] }, /there is none/],
    ['no job', { job: '' }, /no id/],
    ['a partition that is there twice', { offsets: [...request().offsets, ...request().offsets] as never }, /twice/],
    ['a negative offset', one(0, -1n), /-1 of partition 0/],
    ['an offset above 2^63-1', one(0, 2n ** 63n), /outside of 0 to 2\^63-1/],
    ['a negative partition', one(-1), /'-1' is no partition/],
    ['half a partition', one(0.5), /'0.5' is no partition/],
    ['a partition above 2^31-1', one(2 ** 31), /'2147483648' is no partition/],
    ['a partition of the other layout', one('1-0'), /'1-0' is no partition of the layout of Kafka 0.8/],
    ['a number in the layout of 0.7', { layout: '0.7', offsets: [{ partition: 0, offset: 1n }] as never }, /Kafka 0.7/],
    ['a partition with a path in it', { ...one('1-0/x'), layout: '0.7' } as Partial<CommitRequest>, /1-0\/x/],
    ['a partition of two spellings', { ...one('1-00'), layout: '0.7' } as Partial<CommitRequest>, /1-00/],
    ['a group that is a path', { group: 'a/b' }, /'a\/b' cannot be the name/],
    ['a group that leads elsewhere', { group: '..' }, /'\.\.'/],
    ['a topic without a name', { topic: '' }, /empty name/],
  ])('is refused before anything is asked of the server: %s', async (_, changes, message) => {
    const store = withConsumers();
    store.interruption = () => {
      throw new Error('asked');
    };
    await expect(commitConsumerOffsets(store, request(changes))).rejects.toMatchObject({
      fault: 'refused',
      message: expect.stringMatching(message) as string,
    });
  });
});
