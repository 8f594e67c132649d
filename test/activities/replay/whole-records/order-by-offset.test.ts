// Proves that whole records come back in the order of their offsets within each source partition, each once wherever
// the archive repeats them; that a publisher which dies anywhere leaves nothing out and doubles nothing; that the last
// check holds; and that offsets without a record are told, or refused.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { headerOf, committedLog, type LoggedRecord } from '../../../support/kafka/committed-log.ts';
import { MemoryReplay, type MemoryReplayOptions } from '../../../support/kafka/memory-replay.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { wholeRecordFile, type WholeRecord } from '../../../support/whole-records.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';
import { OffsetCensus } from '../../../../activities/replay/merge/offset-census.ts';
import { judgeOffsets } from '../../../../activities/replay/merge/judge-offsets.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

const FOLDER = '2014/11/02/00';
const TIME = Date.UTC(2014, 10, 2, 9, 30);
const OUTPUT = { partitionCount: 3 };

/** Times run against the offsets: only these can put them in order. */
function records(partition: number, offsets: readonly number[], from: string): WholeRecord[] {
  return offsets.map((offset) => ({
    partition,
    offset,
    timestamp: TIME - offset,
    value: Buffer.from(`${partition}:${offset} of ${from}`),
  }));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** Three partitions over three files, later offsets in the first one, and 26 records there twice or three times. */
const FILES = {
  [`${FOLDER}/a.avro`]: wholeRecordFile([...records(0, range(20, 40), 'a'), ...records(2, range(30, 50), 'a')], 7),
  [`${FOLDER}/b.avro`]: wholeRecordFile([
    ...records(0, range(0, 20), 'b'),
    ...records(1, [0, 1, 2, 5, 6, 9], 'b'),
    ...records(2, range(0, 31), 'b'),
    ...records(1, [1, 2], 'b again'),
  ]),
  '2014/11/02/01/c.avro': wholeRecordFile([...records(0, range(15, 38), 'c'), ...records(0, [38, 40], 'c')]),
};
const EXPECTED = [
  [...range(0, 20).map((n) => `0:${n} of b`), ...range(20, 40).map((n) => `0:${n} of a`), '0:40 of c'],
  [0, 1, 2, 5, 6, 9].map((n) => `1:${n} of b`),
  [...range(0, 30).map((n) => `2:${n} of b`), ...range(30, 50).map((n) => `2:${n} of a`)],
];
const PUBLISHED = EXPECTED.flat().length;

/** Values say which file they are of: that the same offset has other ones is no fault here. */
async function open({ input = { output: OUTPUT }, ...more }: MemoryReplayOptions = {}): Promise<MemoryReplay> {
  const archive = { dest: '/camus', conflicts: 'report' } as const;
  const replay = await MemoryReplay.open({ files: FILES, input: { archive, ...input }, ...more });
  await replay.claim();
  return replay;
}

function expectWhole(logs: LoggedRecord[][]): void {
  // Of the record that is in `a` and `b` the file that comes first counts.
  expect(logs.map((log) => log.map(({ value }) => value))).toEqual(EXPECTED);
  const ordinals = logs.flat().map((record) => Number(headerOf(record, 'rewind-ordinal')));
  expect(ordinals.sort((a, b) => a - b)).toEqual(range(0, PUBLISHED));
}

describe('the order of offsets', () => {
  it('is kept in each partition, with every record once, and the last check passes', async () => {
    const replay = await open();
    expect(replay.job).toMatchObject({
      archive: { format: 'record' },
      order: 'offset',
      output: { partitions: 'source' },
    });
    await replay.publishAll();
    expectWhole(await committedLog(replay.kafka, replay.topic));
    const { partitions } = await replay.verify();
    expect(partitions.map(({ records }) => Number(records))).toEqual(EXPECTED.map(({ length }) => length));
    expect(replay.input.catalogue).toMatchObject({ records: String(PUBLISHED), repeats: '27' });
  });

  it('goes by offsets and then by partitions that interleave: ordinals rise with offsets over all of them', async () => {
    const replay = await open();
    await replay.publishAll();
    const all = (await committedLog(replay.kafka, replay.topic)).flat();
    const offsetOf = ({ value }: LoggedRecord): number => Number(/:(\d+)/.exec(value ?? '')?.[1]);
    all.sort((a, b) => Number(headerOf(a, 'rewind-ordinal')) - Number(headerOf(b, 'rewind-ordinal')));
    const offsets = all.map(offsetOf);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('survives a publisher that dies at any transaction, before or after its commit', async () => {
    for (const [when, perTransaction] of [
      ['written', 1],
      ['after', 1],
      ['written', 5],
      ['after', 4],
    ] as const) {
      const replay = await open();
      let commits = 0;
      replay.kafka.interruption = ({ call }, moment) => {
        if (call === 'commit' && moment === when && (commits += 1) % 3 === 0) throw new Error('it dies');
      };
      await replay.publishAll(perTransaction);
      replay.kafka.interruption = undefined;
      expectWhole(await committedLog(replay.kafka, replay.topic));
      await replay.verify();
    }
  });

  it('is the same whichever merge passes come before', async () => {
    const replay = await open({ tuning: { mergeFanIn: 2, splitBytes: 600 } });
    expect(replay.input.level).toBeGreaterThan(0);
    await replay.publishAll(10);
    expect((await committedLog(replay.kafka, replay.topic)).map((log) => log.map(({ value }) => value))).toEqual(
      EXPECTED,
    );
    await replay.verify();
  });

  it('is one of all partitions where the job asks for one', async () => {
    const replay = await open({ input: { output: { partitions: 'one' } } });
    await replay.publishAll();
    const [log = []] = await committedLog(replay.kafka, replay.topic);
    expect(log).toHaveLength(PUBLISHED);
    for (const [partition, expected] of EXPECTED.entries())
      expect(log.map(({ value }) => value).filter((value) => value?.startsWith(`${partition}:`))).toEqual(expected);
    await replay.verify();
  });

  it('goes on from the first offset there is to offsets beyond 2^53', async () => {
    const big = 2n ** 62n;
    const offsets = [0xffffffffn, 2n ** 32n, big - 1n, big, 2n ** 63n - 1n];
    const file = wholeRecordFile(
      [...offsets].reverse().map((offset) => ({ offset, timestamp: TIME, value: Buffer.from(String(offset)) })),
    );
    const replay = await open({ files: { [`${FOLDER}/one.avro`]: file }, input: { output: { partitionCount: 1 } } });
    await replay.publishAll(1);
    const [log = []] = await committedLog(replay.kafka, replay.topic);
    expect(log.map(({ value }) => value)).toEqual(offsets.map(String));
  });
});

describe('a record with the offset of another one', () => {
  const one: WholeRecord = { offset: 7, timestamp: TIME, key: Buffer.from('k'), value: Buffer.from('v') };
  const replayOf = (other: Partial<WholeRecord>, input = {}): Promise<MemoryReplay> =>
    MemoryReplay.open({
      files: {
        [`${FOLDER}/a.avro`]: wholeRecordFile([{ ...one, offset: 6 }, one]),
        [`${FOLDER}/b.avro`]: wholeRecordFile([{ ...one, ...other }]),
      },
      input: { output: { partitionCount: 1 }, ...input },
    });

  it('is a repeat where it holds the same', async () => {
    const { remarks } = (await replayOf({})).input.catalogue;
    expect(remarks).toEqual([expect.stringMatching(/^1 records stand in the archive again/)]);
  });

  it.each<[string, Partial<WholeRecord>]>([
    ['value', { value: Buffer.from('w') }],
    ['value, which is null', { value: null }],
    ['value, which is empty', { value: Buffer.of() }],
    ['key', { key: Buffer.from('l') }],
    ['timestamp', { timestamp: TIME + 1 }],
    ['headers', { headers: [['h', Buffer.from('x')]] }],
  ])('ends the job before anything is published where it has another %s', async (_what, other) => {
    await expect(replayOf(other)).rejects.toMatchObject({
      code: 'records-differ',
      message: expect.stringMatching(
        /partition 0: .*: offset 7 in \S+\/a\.avro and \S+\/b\.avro: of.*archive\.conflicts/,
      ) as string,
    });
    const archive = { dest: '/camus', conflicts: 'report' };
    expect((await replayOf(other, { archive })).input.catalogue.remarks).toHaveLength(2);
  });

  it('is published as often as it is there by its time, which is said', async () => {
    const { records, remarks } = (await replayOf({}, { order: 'time' })).input.catalogue;
    expect([records, remarks]).toEqual(['3', [expect.stringContaining('are published as often')]]);
  });
});

describe('offsets that no record has', () => {
  it('are counted by what splits tell of theirs, and by going through all only where one is there twice', async () => {
    const take = vi.spyOn(OffsetCensus.prototype, 'take');
    onTestFinished(() => take.mockRestore());
    const pieces = (file: number): WholeRecord[] =>
      [0, 1].flatMap((partition) =>
        records(
          partition,
          range(0, 90).filter((n) => n % 30 > partition && Math.floor(n / 7) % 3 === file),
          String(file),
        ),
      );
    const files = Object.fromEntries([2, 0, 1].map((n) => [`${FOLDER}/${n}.avro`, wholeRecordFile(pieces(n), 5)]));
    const { remarks, records: all } = (await open({ files, tuning: { splitBytes: 600 } })).input.catalogue;
    expect(all).toBe('171');
    expect(remarks).toEqual([
      expect.stringContaining('partition 0: no record has the offsets 30, 60 (2 in all)'),
      expect.stringContaining('partition 1: no record has the offsets 30 to 31, 60 to 61 (4 in all)'),
    ]);
    expect(take).not.toHaveBeenCalled();
    await open();
    expect(take).toHaveBeenCalled();
  });

  it('are told, each gap with its ends, beside what repeats', async () => {
    const { remarks } = (await open()).input.catalogue;
    expect(remarks).toEqual([
      '27 records stand in the archive again, with a partition and an offset that another one has, and were left out: 24 of partition 0, 2 of partition 1, 1 of partition 2',
      expect.stringMatching(
        /^partition 0: other records with the same offset: offset 15 in .*\/b\.avro and .*\/c\.avro, .* and 21 more: of/,
      ),
      expect.stringMatching(/^partition 1: other records with the same offset: offset 1 in .*, offset 2 in .*: of a/),
      expect.stringMatching(/^partition 2: other records with the same offset: offset 30 in /),
      'partition 1: no record has the offsets 3 to 4, 7 to 8 (4 in all): markers of transactions and compaction leave such, and so do lost files',
    ]);
  });

  it('end the job where it asks for that, before anything is published', async () => {
    const archive = { dest: '/camus', gaps: 'fail', conflicts: 'report' } as const;
    await expect(open({ input: { archive, output: OUTPUT } })).rejects.toMatchObject({
      code: 'records-missing',
      message: expect.stringContaining('partition 1: no record has the offsets 3 to 4, 7 to 8 (4 in all)') as string,
    });
  });

  it('are no matter of a job with a time range, whose records outside of it are left out', async () => {
    const replay = await open({ input: { output: OUTPUT, from: TIME - 10, to: TIME + 1 } });
    expect(replay.input.catalogue.remarks?.join()).not.toContain('no record has');
    await replay.publishAll();
    const logs = await committedLog(replay.kafka, replay.topic);
    expect(logs.map((log) => log.map(({ value }) => value))).toEqual(
      EXPECTED.map((of) => of.filter((value) => Number(/:(\d+)/.exec(value)![1]) <= 10)),
    );
  });
});

describe('offsets that the job itself leaves out', () => {
  const layout = { layout: 'nifi', input: '/camus/events/hourly' } as const;
  const offsets = { zookeeper: false, kafka: true, group: 'g' };

  it('end no job with a time range, which commits none', async () => {
    const files = { [`${FOLDER}/a.avro`]: wholeRecordFile(records(0, [0, 1, 5, 6], 'a')) };
    const archive = { ...layout, format: 'record' } as const;
    const output = { partitionCount: 1 };
    const replay = await open({ files, input: { archive, offsets, output, from: TIME - 5, to: TIME + 1 } });
    expect(replay.input.catalogue.records).toBe('3');
    await expect(open({ files, input: { archive, offsets, output } })).rejects.toMatchObject({
      code: 'records-missing',
    });
  });

  it('are not taken for lost ones where a filter has left them out', () => {
    const archive = { layout: 'nifi', dest: '/edl', gaps: 'fail' } as const;
    const input = { topic: 'events', archive, functions: { filter: 'even' } };
    expect(() => parseReplayInput(input)).toThrow(
      /archive\.gaps: expected "report" or nothing beside functions\.filter/,
    );
    const listed = [{ from: '1', to: '1' }];
    const none = { conflicts: 0, conflicting: [] };
    const partition = {
      partition: 0,
      records: 2,
      repeats: 0,
      first: '0',
      last: '2',
      gaps: 1,
      missing: '1',
      listed,
      ...none,
    };
    const census = { fingerprint: 'f', partitions: [partition], repeats: [] };
    expect(judgeOffsets(replayJob({ archive: { layout: 'nifi', dest: '/edl' } }), census)).toHaveLength(1);
    expect(judgeOffsets(replayJob({ ...input, archive: { layout: 'nifi', dest: '/edl' } }), census)).toEqual([]);
  });
});

describe('what can not be put in that order', () => {
  it.each([
    ['another topic', [{ topic: 'orders', offset: 1 }], 'file-unusable', 'records of the topic orders'],
    [
      'a partition that the replay topic has not',
      [{ partition: 3, offset: 1 }],
      'replay-topic-partitions',
      'Set output.partitionCount to 4',
    ],
  ])('is refused: %s', async (_what, wrong, code, message) => {
    const files = { [`${FOLDER}/a.avro`]: wholeRecordFile(wrong.map((record) => ({ timestamp: TIME, ...record }))) };
    await expect(open({ files })).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it('is refused: a record of another partition than the name of its file says', async () => {
    const bucket = Date.UTC(2014, 10, 2, 9);
    const files = { [`${FOLDER}/events.0.1.1.8.${bucket}.avro`]: wholeRecordFile(records(0, [7], 'x')) };
    await expect(open({ files })).rejects.toMatchObject({
      fault: 'corrupt',
      message: expect.stringContaining('expected partition 1, found partition 0') as string,
    });
  });

  it.each([-1, -(2 ** 33)])('is refused: a record whose offset is none, %i', async (offset) => {
    const files = { [`${FOLDER}/a.avro`]: wholeRecordFile([...records(0, [3], 'x'), ...records(0, [offset], 'y')]) };
    await expect(open({ files })).rejects.toMatchObject({
      fault: 'corrupt',
      message: expect.stringContaining(`expected 0 to 9223372036854775807, found ${offset}`) as string,
    });
  });

  it('is refused: a topic of which nothing tells the number of partitions', async () => {
    await expect(open({ input: {} })).rejects.toMatchObject({
      code: 'replay-topic-partitions',
      message: expect.stringContaining('Set output.partitionCount') as string,
    });
  });
});
