// Proves that the last check counts: it passes what is whole, also where transactions were cut off, and refuses every log
// that lacks a record, has one twice, or has somebody else's, whatever the brokers say of its length; that it goes on
// where an attempt before it ended; and that it obeys the signal.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PartitionTally } from '../../../../activities/replay/verify/partition-tally.ts';
import { RecordBatchBuilder } from '../../../../connections/kafka/batch/record-batch.ts';
import type { RecordBatch } from '../../../../connections/kafka/publish/publish-port.ts';
import { body } from '../../../connections/kafka/encoded-body.ts';
import { numbered } from '../../../integration/kafka/numbered-records.ts';
import type { MemoryPartition } from '../../../support/kafka/memory-partition.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';

/** 1,200 records in three partitions, by eight transactions: a rate bounds them, and here nobody waits for it. */
const RATE = { records: 150 };
vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

let replay: MemoryReplay;
const partition = (number: number): MemoryPartition => replay.kafka.partition(replay.topic, number);

beforeEach(async () => {
  replay = await MemoryReplay.open();
  await replay.claim();
});

const publishAll = (): Promise<void> => replay.publishAll(RATE.records);

/** The worker dies in the midst of its transaction number `at`. */
function cutOff(at: number): void {
  let commits = 0;
  replay.kafka.interruption = ({ call }, when) => {
    if (call !== 'commit' || when !== 'written') return;
    commits += 1;
    if (commits === at) throw new Error('cut off');
  };
}

function refused(message: string | RegExp): object {
  return {
    code: 'replay-topic-changed',
    message: (typeof message === 'string'
      ? expect.stringContaining(message)
      : expect.stringMatching(message)) as string,
  };
}

describe('a replay topic that is whole', () => {
  it('passes, with first and last offsets of every partition', async () => {
    await publishAll();
    const { partitions, morePartitions } = await replay.verify();
    expect(morePartitions).toBe(0);
    expect(partitions).toMatchObject(
      [0, 1, 2].map((number) => ({ partition: number, records: '400', firstOffset: '0', aborted: '0' })),
    );
    const ends = partitions.map(({ lastOffset }) => BigInt(lastOffset!));
    expect(ends).toEqual([0, 1, 2].map((number) => partition(number).logEnd - 2n)); // a marker stands behind
  });

  it('passes where transactions were cut off, and says which records were aborted', async () => {
    cutOff(3);
    await publishAll();
    const { partitions } = await replay.verify();
    expect(partitions.map(({ records }) => records)).toEqual(['400', '400', '400']);
    for (const { aborted, abortedRanges } of partitions) {
      expect(Number(aborted)).toBeGreaterThan(0);
      expect(abortedRanges).toHaveLength(1);
      const { from, to } = abortedRanges[0]!;
      expect(Number(to) - Number(from)).toBe(Number(aborted));
    }
  });

  it('passes where an answer was lost whose transaction was committed', async () => {
    let commits = 0;
    replay.kafka.interruption = ({ call }, when) => {
      if (call === 'commit' && when === 'after' && (commits += 1) === 2) throw new Error('the answer is lost');
    };
    await publishAll();
    expect((await replay.verify()).partitions.map(({ records, aborted }) => [records, aborted])).toEqual(
      [0, 1, 2].map(() => ['400', '0']),
    );
  });

  it('passes while a coordinator that has just moved tells an older position', async () => {
    await publishAll();
    replay.kafka.groups.answerStale(2);
    expect((await replay.verify()).partitions).toHaveLength(3);
  });

  it('passes without ordinals, by the batches alone', async () => {
    replay = await MemoryReplay.open({
      input: { output: { partitions: 'source', headers: { ordinal: false } } },
    });
    await replay.claim();
    cutOff(2);
    await publishAll();
    expect((await replay.verify()).partitions.map(({ records }) => records)).toEqual(['400', '400', '400']);
  });
});

describe('a replay topic that is not', () => {
  it('is refused where a partition is short at its end, though another one holds the last record', async () => {
    await publishAll();
    partition(0).truncate(partition(0).logEnd - 2n);
    await expect(replay.verify()).rejects.toMatchObject(
      refused(/^Partition 0 .* holds \d+ committed records .* expected 400/),
    );
  });

  it('is refused where batches in the midst are gone', async () => {
    await publishAll();
    partition(1).lose(150n, 151n);
    await expect(replay.verify()).rejects.toMatchObject(
      refused(/Partition 1 .* expected 400; .*offsets \d+ to \d+ are not in the log/),
    );
  });

  it('is refused where its first batch is gone, whatever is said of the beginning', async () => {
    await publishAll();
    partition(1).lose(0n, 1n);
    await expect(replay.verify()).rejects.toMatchObject(refused('offsets 0 to'));
  });

  it('is refused where all of a partition was aborted, though its length is right', async () => {
    await publishAll();
    const { id } = replay.kafka.producers.get(`rewind.${replay.topic}`)!;
    partition(0).sayAborted(id, 0n);
    await expect(replay.verify()).rejects.toMatchObject(
      refused('Partition 0 of the replay topic events_REPLAY holds 0'),
    );
  });

  it("is refused with somebody else's record behind its own", async () => {
    await publishAll();
    await partition(0).append(numbered(replay.topic, 0, 5, 6));
    await expect(replay.verify()).rejects.toMatchObject(refused('holds 401 committed records'));
  });

  it("is refused with somebody else's records in the place of lost ones", async () => {
    await publishAll();
    const end = partition(0).logEnd;
    partition(0).lose(0n, 1n);
    const lost = 400 - (await countOf(0));
    await partition(0).append(foreign(lost));
    await expect(replay.verify()).rejects.toMatchObject(refused(`the record at offset ${end} has no ordinal`));
  });

  it('is refused with records of its own twice in the place of lost ones', async () => {
    await publishAll();
    partition(0).lose(150n, 151n);
    const lost = 400 - (await countOf(0));
    await partition(0).append(numbered(replay.topic, 0, 0, lost), { id: 77n, epoch: 0 });
    await partition(0).mark({ id: 77n, epoch: 0 }, 'commit');
    await expect(replay.verify()).rejects.toMatchObject(refused(/has ordinal 0, behind one with/));
  });

  it('is refused where the sorted files and what was published differ', async () => {
    await publishAll();
    const { catalogue } = replay.input;
    catalogue.records = '1199';
    await expect(replay.verify()).rejects.toMatchObject(refused('holds 1200 records of the sequence, expected 1199'));
  });

  it('is refused where the brokers tell fewer partitions', async () => {
    await publishAll();
    const { partitions } = replay.kafka.topics.get(replay.topic)!;
    partitions.shift();
    await expect(replay.verify()).rejects.toMatchObject(refused('has 2 partitions, expected 3'));
  });

  it('is refused where it loses what was read while the rest is read', async () => {
    await publishAll();
    replay.kafka.interruption = ({ call, name }) => {
      if (call === 'read' && name === `${replay.topic}/2`) partition(0).trim(100n);
    };
    await expect(replay.verify()).rejects.toMatchObject(refused('partition 0 begins at offset 100'));
  });

  it('is refused where it is deleted, while more is written or while it is read', async () => {
    let commits = 0;
    replay.kafka.interruption = ({ call }) => {
      if (call === 'commit' && (commits += 1) === 3) replay.kafka.topics.delete(replay.topic);
    };
    await expect(replay.publish(RATE)).rejects.toMatchObject(refused('was deleted while the job ran'));

    replay = await MemoryReplay.open();
    await replay.claim();
    await publishAll();
    replay.kafka.interruption = ({ call, name }) => {
      if (call === 'read' && name === `${replay.topic}/1`) replay.kafka.topics.delete(replay.topic);
    };
    await expect(replay.verify()).rejects.toMatchObject(refused('was deleted while the job ran'));
  });

  it('is refused where it is deleted and created again while it is read', async () => {
    await publishAll();
    replay.kafka.interruption = async ({ call, name }) => {
      if (call !== 'read' || name !== `${replay.topic}/1` || replay.kafka.topics.get(replay.topic)!.id.endsWith('2'))
        return;
      replay.kafka.topics.delete(replay.topic);
      await replay.kafka.createTopic(replay.topic, { partitions: 3, replicationFactor: 1, settings: {} });
    };
    await expect(replay.verify()).rejects.toMatchObject({ fault: 'changed' });
  });
});

describe('a transaction whose markers got lost on their way', () => {
  /** The third transaction is committed but for these parts, and the worker is killed before it hears of it. */
  async function lose(lost: { partitions: readonly number[]; group?: boolean }): Promise<void> {
    let commits = 0;
    replay.kafka.interruption = ({ call }, when) => {
      if (call !== 'commit') return;
      if (when === 'written') commits += 1;
      const now = commits === 3 && when === 'written';
      replay.kafka.losesMarker = (log) => now && lost.partitions.some((number) => log === partition(number));
      replay.kafka.losesGroupMarkers = () => now && lost.group === true;
      if (when === 'after' && commits === 3) throw new Error('the worker is killed');
    };
    await replay.publish(RATE).catch(() => undefined);
    replay.kafka.interruption = undefined;
    replay.kafka.losesMarker = () => false;
    replay.kafka.losesGroupMarkers = () => false;
  }
  const whole = ['400', '400', '400'];
  const records = async (): Promise<string[]> => (await replay.verify()).partitions.map((found) => found.records);

  it('is ended as its coordinator tells, and nothing is lost', async () => {
    await lose({ partitions: [0] });
    await publishAll();
    expect(await records()).toEqual(whole);
  });

  it.each<[string, Parameters<typeof lose>[0]]>([
    ['one partition', { partitions: [0] }],
    ['all partitions', { partitions: [0, 1, 2] }],
    ['the group', { partitions: [], group: true }],
    ['a partition and the group', { partitions: [2], group: true }],
  ])('is ended as its other parts are where no coordinator tells any more: %s', async (_, lost) => {
    replay.kafka.tellsOutcomes = false;
    await lose(lost);
    await publishAll();
    expect(await records()).toEqual(whole);
    expect((await replay.verify()).partitions.map(({ aborted }) => aborted)).toEqual(['0', '0', '0']);
  });

  it('is written again where no part of it is committed, and no coordinator tells', async () => {
    replay.kafka.tellsOutcomes = false;
    await lose({ partitions: [0, 1, 2], group: true });
    await publishAll();
    expect(await records()).toEqual(whole);
    expect((await replay.verify()).partitions.map(({ aborted }) => aborted)).toEqual(['50', '50', '50']);
  });

  it('is refused before more is written where one part was ended another way, with the partition and the record', async () => {
    await lose({ partitions: [1] });
    const { id, epoch } = replay.kafka.producers.get(`rewind.${replay.topic}`)!;
    await partition(1).mark({ id, epoch }, 'abort');
    const ends = [0, 1, 2].map((number) => partition(number).logEnd);
    await expect(replay.publish(RATE)).rejects.toMatchObject({
      code: 'position-lost',
      message: expect.stringMatching(
        /committed in part: .* 450 records are out, and in partition 1 .*ordinal 30\d/,
      ) as string,
    });
    expect([0, 1, 2].map((number) => partition(number).logEnd)).toEqual(ends);
  });

  it('is found by the last check too where nothing tells it before: records carry no ordinals', async () => {
    replay = await MemoryReplay.open({ input: { output: { partitions: 'source', headers: { ordinal: false } } } });
    await replay.claim();
    await lose({ partitions: [1] });
    const { id, epoch } = replay.kafka.producers.get(`rewind.${replay.topic}`)!;
    await partition(1).mark({ id, epoch }, 'abort');
    await publishAll();
    await expect(replay.verify()).rejects.toMatchObject(refused('Partition 1'));
  });
});

describe('an attempt after another one', () => {
  async function interrupted(at: number): Promise<{ details: Record<string, unknown>; reads: number }> {
    let details: Record<string, unknown> = {};
    let batches = 0;
    const controller = new AbortController();
    const progress = (latest: Record<string, unknown>): void => {
      details = structuredClone(latest);
      if ((batches += 1) === at) controller.abort(new Error('given up'));
    };
    await expect(replay.verify({ progress, signal: controller.signal })).rejects.toThrow('given up');
    return { details, reads: batches };
  }

  it('goes on where that one was, and finds the same', async () => {
    cutOff(2);
    await publishAll();
    const whole = await replay.verify();
    for (const at of [1, 4, 9, 15]) {
      const { details } = await interrupted(at);
      expect(JSON.stringify(details).length).toBeLessThan(3_000);
      let first: string | undefined;
      replay.kafka.interruption = ({ call, name }) => {
        if (call === 'read') first ??= name;
      };
      const resumed = JSON.parse(JSON.stringify(details)) as { verified: number; at?: PartitionTally };
      expect(await replay.verify({ resumed })).toEqual(whole);
      expect(first).toBe(`${replay.topic}/${resumed.verified}`);
      replay.kafka.interruption = undefined;
    }
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['what is not of this step', { published: '7' }],
    ['the count of another log', { log: 'other 1', verified: 3, of: 3, aborted: 0, listed: [] }],
    ['numbers that it can not have told', { log: 'x', verified: -1, of: 3, aborted: 0, listed: [] }],
  ])('begins anew with %s', async (_, resumed) => {
    await publishAll();
    expect((await replay.verify({ resumed })).partitions).toHaveLength(3);
  });

  it('tells progress with each batch', async () => {
    await publishAll();
    let told = 0;
    await replay.verify({ progress: () => (told += 1) });
    expect(told).toBeGreaterThan(3 * 8);
  });
});

/** Records that no replay wrote. */
function foreign(count: number): RecordBatch {
  const builder = new RecordBatchBuilder({ topic: replay.topic, partition: 0, ordinals: false });
  const bytes = body('key', 'value');
  for (let record = 0; record < count; record++) builder.add(0, 0, bytes, 0, bytes.length, 0);
  return builder.take();
}

async function countOf(number: number): Promise<number> {
  const reader = replay.kafka.openReader();
  let count = 0;
  const range = { topic: replay.topic, partition: number, from: 0n, to: partition(number).logEnd };
  for await (const batch of reader.read(range)) if (batch.kind === 'data') count += batch.count;
  return count;
}
