// Commits of consumer offsets against a real ZooKeeper: in one multi or not at all, known again after a lost answer,
// and how large one may be.
import { describe, expect, it } from 'vitest';
import { commitConsumerOffsets } from '../../../connections/zookeeper/consumer-offsets.ts';
import type { CommitRequest } from '../../../connections/zookeeper/consumer-offsets.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { networkOfTest, rootOfTest } from './zookeeper-under-test.ts';

const OFFSETS = '/consumers/shop/offsets/orders';
const MULTI = 14;

const request = (changes: Partial<CommitRequest> = {}): CommitRequest =>
  ({
    group: 'shop',
    topic: 'orders',
    layout: '0.8',
    offsets: Array.from({ length: 20 }, (_, partition) => ({ partition, offset: BigInt(partition) * 1000n })),
    existing: 'leave',
    job: 'replay-1',
    ...changes,
  }) as CommitRequest;

const put = async (store: NodeStore, path: string, data = ''): Promise<void> => {
  const node = await store.get(path);
  const bytes = Buffer.from(data);
  if (node !== undefined) return store.multi([{ op: 'set', path, data: bytes, version: node.version }]);
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (parent !== '' && (await store.get(parent)) === undefined) await put(store, parent);
  await store.multi([{ op: 'create', path, data: bytes }]);
};

const valueOf = async (store: NodeStore, path: string): Promise<string | undefined> =>
  (await store.get(path))?.data.toString();

/** The code of the request in what a client sends. */
const isMulti = (bytes: Buffer): boolean => bytes.length >= 12 && bytes.readInt32BE(8) === MULTI;

describe('a commit', () => {
  it('writes the offsets of both layouts as decimal text', async () => {
    const { store } = await rootOfTest();
    expect(await commitConsumerOffsets(store, request())).toMatchObject({
      outcome: 'committed',
      created: expect.arrayContaining(['/consumers']) as string[],
    });
    expect(await store.children(OFFSETS)).toHaveLength(20);
    expect(await valueOf(store, `${OFFSETS}/13`)).toBe('13000');
    const offsets = [{ partition: '4-1', offset: 2n ** 63n - 1n }];
    await commitConsumerOffsets(store, request({ layout: '0.7', offsets, topic: 'legacy', existing: 'fail' }));
    expect(await valueOf(store, '/consumers/shop/offsets/legacy/4-1')).toBe('9223372036854775807');
  });

  it('that is cut off before its multi arrives leaves nothing, and is made by the retry', async () => {
    const network = await networkOfTest();
    const { store } = await rootOfTest({ hosts: network.hosts });
    await put(store, '/consumers');
    network.onRequest = (bytes) => (isMulti(bytes) ? 'cut' : 'pass');
    await expect(commitConsumerOffsets(store, request())).rejects.toMatchObject({ fault: 'unavailable' });
    expect(await store.children('/consumers')).toEqual([]);
    network.onRequest = undefined;
    expect((await commitConsumerOffsets(store, request())).outcome).toBe('committed');
  });

  it('whose multi fails leaves nothing of itself', async () => {
    const { store } = await rootOfTest();
    await put(store, '/consumers');
    const conflicting: NodeStore = {
      get: (path) => store.get(path),
      children: (path) => store.children(path),
      // The last partition is there by the time that the multi comes.
      multi: async (operations) => {
        await put(store, `${OFFSETS}/19`, '7');
        return store.multi(operations);
      },
      describe: () => store.describe(),
      close: () => store.close(),
    };
    await expect(commitConsumerOffsets(conflicting, request({ existing: 'fail' }))).rejects.toMatchObject({
      fault: 'exists',
    });
    expect(await store.children(OFFSETS)).toEqual(['19']);
    expect(await store.children('/consumers/shop')).toEqual(['offsets']);
  });

  it.each(['leave', 'fail', 'overwrite'] as const)(
    'whose answer is lost is known again by the retry, even where a consumer has moved on (existing: %s)',
    async (existing) => {
      const network = await networkOfTest();
      const { store } = await rootOfTest({ hosts: network.hosts });
      let sent = false;
      network.onRequest = (bytes) => {
        sent ||= isMulti(bytes) && bytes.includes('replay-1');
        return 'pass';
      };
      network.onAnswer = () => (sent ? 'cut' : 'pass');
      await expect(commitConsumerOffsets(store, request({ existing }))).rejects.toMatchObject({
        fault: 'unavailable',
        retryable: true,
      });
      network.onRequest = network.onAnswer = undefined;
      await put(store, `${OFFSETS}/3`, '3333');
      const outcome = await commitConsumerOffsets(store, request({ existing }));
      expect(outcome).toMatchObject({ outcome: 'already', commit: { job: 'replay-1' } });
      expect(outcome.offsets.map(({ value }) => value)).toEqual(
        request().offsets.map(({ offset }, partition) => (partition === 3 ? '3333' : String(offset))),
      );
      expect(await valueOf(store, `${OFFSETS}/3`)).toBe('3333');
      const { outcome: ofOther } = await commitConsumerOffsets(store, request({ job: 'replay-2' }));
      expect(ofOther).toBe('left alone');
    },
  );

  it('overwrites what it has read, versions checked, from version 0 on', async () => {
    const { store } = await rootOfTest();
    await put(store, `${OFFSETS}/0`, '5');
    let moved = false;
    const moving: NodeStore = {
      get: (path) => store.get(path),
      children: (path) => store.children(path),
      multi: async (operations) => {
        if (!moved) await put(store, `${OFFSETS}/0`, '6');
        moved = true;
        return store.multi(operations);
      },
      describe: () => store.describe(),
      close: () => store.close(),
    };
    expect(await commitConsumerOffsets(moving, request({ existing: 'overwrite' }))).toMatchObject({
      outcome: 'committed',
      replaced: [{ partition: '0', value: '6' }],
    });
    expect(await valueOf(store, `${OFFSETS}/0`)).toBe('0');
  });

  it('of 5,000 partitions fits into one multi; of 20,000 it is refused with both figures', async () => {
    const { store } = await rootOfTest();
    const many = (count: number): CommitRequest =>
      request({
        offsets: Array.from({ length: count }, (_, partition) => ({
          partition,
          offset: 10n ** 12n + BigInt(partition),
        })),
      });
    expect((await commitConsumerOffsets(store, many(5000))).outcome).toBe('committed');
    expect((await commitConsumerOffsets(store, many(5000))).outcome).toBe('already');
    await expect(commitConsumerOffsets(store, { ...many(20_000), topic: 'other' })).rejects.toMatchObject({
      fault: 'refused',
      message: expect.stringMatching(/takes a request of \d+ bytes.*1048575/) as string,
    });
    expect(await store.children('/consumers/shop/offsets')).toEqual(['orders']);
  });
});
