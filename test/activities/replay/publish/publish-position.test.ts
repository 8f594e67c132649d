// The position of a replay survives the way through a group's metadata, counts transactions by partition, and is never
// applied to another job or another sequence.
import { describe, expect, it } from 'vitest';
import {
  advance,
  assertOwn,
  encodePosition,
  positionZero,
  publisherName,
  readPosition,
  type PublishPosition,
} from '../../../../activities/replay/publish/publish-position.ts';
import type { KafkaConnection } from '../../../../connections/kafka/kafka-connection.ts';
import type { GroupDescription } from '../../../../connections/kafka/admin/admin-port.ts';
import type { GroupOffsets } from '../../../../connections/kafka/publish/publish-port.ts';
import { codeOf } from '../../../support/code-of.ts';

const LAST_KEY = { timeHi: 329, timeLo: 0xfffffff0, split: 7, sequence: 123_456 };
const POSITION: PublishPosition = {
  ...positionZero('replay-events/run-1', 'f'.repeat(64), 3),
  published: 9_007_199_254_740_993n,
  lastKey: LAST_KEY,
};

/** As much of Kafka as reading a position takes. */
function kafkaWith(committed: GroupOffsets['offsets']): KafkaConnection {
  const describeGroup = async (group: string): Promise<GroupDescription> => ({
    group,
    members: 0,
    offsets: [...committed],
  });
  return { describeGroup } as Partial<KafkaConnection> as KafkaConnection;
}

describe('a position', () => {
  it('comes back from the metadata that it was committed with', async () => {
    const { group, topic, offsets } = encodePosition('events_REPLAY', POSITION);
    expect([group, topic]).toEqual([publisherName('events_REPLAY'), 'events_REPLAY']);
    expect(await readPosition(kafkaWith(offsets), 'events_REPLAY')).toEqual(POSITION);
  });

  it('is undefined where nothing is committed', async () => {
    expect(await readPosition(kafkaWith([]), 't')).toBeUndefined();
    expect(await readPosition(kafkaWith([{ partition: 0, offset: -1n, metadata: '' }]), 't')).toBeUndefined();
    expect(await readPosition(kafkaWith([{ partition: 1, offset: 5n, metadata: '' }]), 't')).toBeUndefined();
  });

  it.each(['', 'mine', '{"rewind":2,"job":"a","fingerprint":"b"}', '{"rewind":1}'])(
    'is refused where somebody else committed with metadata %j',
    async (metadata) => {
      await expect(readPosition(kafkaWith([{ partition: 0, offset: 5n, metadata }]), 't')).rejects.toMatchObject({
        code: 'position-foreign',
      });
    },
  );

  it('fits into the metadata that Kafka takes, with as many partitions as are counted', () => {
    const transactions = Array.from({ length: 256 }, () => 9_999_999);
    const [entry] = encodePosition('t'.repeat(249), {
      ...POSITION,
      job: `${'w'.repeat(200)}/${'r'.repeat(36)}`,
      transactions,
    }).offsets;
    expect(entry?.metadata.length).toBeLessThan(4096);
    expect(positionZero('j', 'f', 257).transactions).toBeUndefined();
  });

  it('advances by the records of a transaction, one transaction in each partition that got any', () => {
    const batches = [{ partition: 2 }, { partition: 0 }, { partition: 2 }];
    const start = positionZero('j', 'f', 3);
    const after = advance(start, { records: 20, lastKey: LAST_KEY, batches });
    expect(after).toMatchObject({ published: 20n, lastKey: LAST_KEY, transactions: [1, 0, 1] });
    expect(start.transactions).toEqual([0, 0, 0]);
    expect(advance(after, { records: 1, lastKey: LAST_KEY, batches: [{ partition: 0 }] }).transactions).toEqual([
      2, 0, 1,
    ]);
  });

  it('belongs to its job and its sequence alone', () => {
    const { job, fingerprint } = POSITION;
    const judge = (theirJob: string, theirs: string) => codeOf(() => assertOwn('t', POSITION, theirJob, theirs));
    expect(judge(job, fingerprint)).toBeUndefined();
    expect(judge('another', fingerprint)).toBe('replay-topic-claimed');
    expect(judge(job, '0'.repeat(64))).toBe('position-foreign');
    expect(codeOf(() => assertOwn('t', undefined, 'another', ''))).toBeUndefined();
  });

  it('tells another job how its own goes on: by its workflow, and by its name where that id has had another job since', () => {
    const own = { ...POSITION, job: 'replay-events/run-1' };
    expect(() => assertOwn('t', own, 'replay-events/run-2', own.fingerprint)).toThrow(
      /rewind resume replay-events \(with --job JOB\.json .*start one with "takeUp": "replay-events\/run-1"/,
    );
  });
});
