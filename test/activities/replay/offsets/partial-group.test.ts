// Proves that a group which was left alone, and has offsets of some partitions only, is told what becomes of the others:
// in Kafka, and in ZooKeeper, where a group may have nodes of partitions that are not pinned.
import { describe, expect, it } from 'vitest';
import { commitToKafka } from '../../../../activities/replay/offsets/commit-to-kafka.ts';
import { commitToZooKeeper } from '../../../../activities/replay/offsets/commit-to-zookeeper.ts';
import type { PinnedOffsets } from '../../../../layouts/pinned-offsets.ts';
import { MemoryKafka } from '../../../support/kafka/memory-kafka.ts';
import { MemoryNodeStore } from '../../../support/memory-node-store.ts';
import { replayJob } from '../../../support/replay-job.ts';

const GROUP = 'billing';
const PINS = { next: { '0': '10', '1': '20', '2': '30' }, remarks: [] } as unknown as PinnedOffsets;
const OTHERS =
  'these partitions, where its consumers begin by their own default (auto.offset.reset): 1 (pinned: 20), 2 (pinned: 30).';

function job() {
  const base = replayJob();
  return { ...base, offsets: { ...base.offsets, group: GROUP, existing: 'leave' as const } };
}

describe('a group in Kafka', () => {
  async function left(...present: [partition: number, offset: bigint][]): Promise<string[]> {
    const kafka = new MemoryKafka();
    const offsets = present.map(([partition, offset]) => ({ partition, offset, metadata: '' }));
    kafka.groups.commit({ group: GROUP, topic: job().topic, offsets });
    const { status, remarks } = await commitToKafka(kafka, job(), GROUP, PINS);
    expect(status).toBe('left');
    return remarks;
  }

  it('with an offset of one partition of three is told of the other two', async () => {
    const [, partial, ...more] = await left([0, 5n]);
    expect(partial).toContain(`group ${GROUP} was left alone, and has no offset in Kafka of ${OTHERS}`);
    expect(more).toEqual([]);
  });

  it('with offsets of all partitions has nothing more to hear', async () => {
    expect(await left([0, 5n], [1, 5n], [2, 5n])).toHaveLength(1);
  });
});

describe('a group in ZooKeeper', () => {
  it('with a node of one partition of three is told of the other two', async () => {
    const store = new MemoryNodeStore();
    await store.multi(
      ['', `/${GROUP}`, `/${GROUP}/offsets`, `/${GROUP}/offsets/${job().topic}`].map((path) => ({
        op: 'create' as const,
        path: `/consumers${path}`,
        data: Buffer.alloc(0),
      })),
    );
    await store.multi([{ op: 'create', path: `/consumers/${GROUP}/offsets/${job().topic}/0`, data: Buffer.from('5') }]);
    const { remarks } = await commitToZooKeeper(store, job(), GROUP, PINS);
    expect(remarks.join('\n')).toContain(`has no offset in ZooKeeper of ${OTHERS}`);
  });
});
