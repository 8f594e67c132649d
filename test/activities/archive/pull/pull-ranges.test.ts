// A range is of one life of its topic: one that was made anew since the plan has other records at the same offsets.
import { describe, expect, it } from 'vitest';
import { AwayLeaders } from '../../../../activities/archive/pull/away-leaders.ts';
import { reportOf } from '../../../../activities/archive/pull/pull-report.ts';
import { pullRanges } from '../../../../activities/archive/pull/pull-ranges.ts';
import type { PullParts } from '../../../../activities/archive/pull/pull-ranges.ts';
import { UNKNOWN_PRODUCER } from '../../../../activities/archive/pull/values/producer.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { AdminPort, TopicOverview } from '../../../../connections/kafka/admin/admin-port.ts';
import type { OffsetRange, TopicReader } from '../../../../connections/kafka/read/topic-reader.ts';
import { OffsetOutOfRange } from '../../../../connections/kafka/read/offset-out-of-range.ts';
import { JobError } from '../../../../activities/step/job-error.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { openLineWriter, type LineWriter } from '../../../../formats/text/line-writer.ts';
import { writtenLayout } from '../../../../layouts/written-layout.ts';
import { pullParts } from './pull-parts.ts';

const LIVE = 'b'.repeat(32);

function partsWith(asked: OffsetRange[]): PullParts {
  const reader: TopicReader = {
    async *read(range) {
      asked.push(range);
      if ((range.topicId ?? LIVE) !== LIVE) throw new ConnectionError('changed', 'the topic was created again', {});
    },
    close: async () => undefined,
  };
  return pullParts({ reader, valuesOf: () => ({}) as never });
}

it('reads the topic that was planned, and leaves one that was made anew since to the next run', async () => {
  const asked: OffsetRange[] = [];
  const range = { partition: 0, leader: '1', from: 5n, to: 10n };
  const lines = await pullRanges(
    [
      { ...range, topic: 'gone', topicId: 'a'.repeat(32) },
      { ...range, topic: 'there', topicId: LIVE },
    ],
    partsWith(asked),
  );
  expect(asked.map(({ topicId }) => topicId)).toEqual(['a'.repeat(32), LIVE]);
  expect(lines).toMatchObject([
    { topic: 'gone', next: '5', cut: { why: 'problem' } },
    { topic: 'there', next: '10' },
  ]);
});

describe('leaders that are away', () => {
  const range = { leader: '1', from: 5n, to: 10n };
  const ranges = [
    ...Array.from({ length: 8 }, (_, partition) => ({ ...range, topic: 'away', partition })),
    { ...range, topic: 'there', partition: 0 },
  ];
  interface Brokers {
    giveUp?: boolean;
    /** What brokers tell of the leader of the topic that is away; they tell nothing where it is left out. */
    leader?: number;
    /** Which broker gave no answer. @default the leader */
    silent?: string;
    /** Nodes that another pull has waited for, and whether the leader is back. */
    before?: number[];
    isBack?: boolean;
    /** Comes before the answer of who is looked at. */
    looked?: () => Promise<void>;
  }
  /** Of a topic that no leader answers for, in front of one that can be read. */
  function partsOf({ giveUp = true, leader, silent = 'host-1:9092', before, isBack = false, looked }: Brokers) {
    const asked: string[] = [];
    const reader: TopicReader = {
      async *read({ topic, partition }) {
        asked.push(`${topic}-${partition}`);
        if (topic === 'away' && !isBack)
          throw new ConnectionError('unavailable', 'the leader is away', { broker: silent });
      },
      close: async () => undefined,
    };
    const listTopics = async (names: readonly string[] = []): Promise<TopicOverview[]> => {
      if (leader === undefined) throw new ConnectionError('unavailable', 'no broker answers', {});
      const of = (topic: string) => {
        const node = topic === 'away' ? leader : 2;
        const address = node < 0 ? {} : { leaderAddress: `host-${node}:9092` };
        return { leader: node, ...address, leaderEpoch: 0, replicas: [], inSync: [] };
      };
      const partitions = (topic: string) => Array.from({ length: 8 }, (_, partition) => ({ ...of(topic), partition }));
      return names.map((topic) => ({ topic, internal: false, partitions: partitions(topic) }));
    };
    let looks = 0;
    const listOffsets: AdminPort['listOffsets'] = async ([of]) => {
      looks += 1;
      await looked?.();
      const one = { topic: of!.topic, partition: of!.partitions[0]! };
      return [isBack ? { ...one, offset: 0n } : { ...one, error: 'BROKER_NOT_AVAILABLE' }];
    };
    const leaders = new AwayLeaders({ listTopics, listOffsets }, { giveUp, before, answersWithinMs: 10 });
    const parts = pullParts({ reader, valuesOf: () => ({}) as never, leaders });
    return { asked, parts, leaders, looks: () => looks };
  }
  const readOf = (asked: readonly string[]): number => asked.filter((name) => name.startsWith('away')).length;

  it.each([
    [
      'of a broker that does not answer',
      { leader: 1 },
      1,
      [1],
      "away-7: its leader, broker 1 (host-1:9092), can't be reached, as was found at away-0; start it",
    ],
    [
      'that the brokers know of none',
      { leader: -1 },
      1,
      [-1],
      'away-7: no broker leads it; start the brokers that hold it',
    ],
    ['where another one gives no answer', { leader: 1, silent: 'host-3:9092' }, 8, [], 'the leader is away'],
  ])(
    'leave what they hold to the next run, however many follow each other, and are waited for once: %s',
    async (_which, brokers, waits, nodes, why) => {
      const { asked, parts, leaders } = partsOf(brokers);
      const lines = await pullRanges(ranges, parts);
      expect(lines.slice(0, -1)).toHaveLength(8);
      for (const line of lines.slice(0, -1))
        expect(line).toMatchObject({ topic: 'away', next: '5', cut: { why: 'problem' } });
      expect(lines.at(-2)).toMatchObject({ cut: { message: expect.stringContaining(why) as string } });
      expect(lines.at(-1)).toMatchObject({ topic: 'there', next: '10' });
      expect(readOf(asked)).toBe(waits);
      expect(leaders.nodes).toEqual(nodes);
    },
  );

  it.each([
    ['in the first attempts', { giveUp: false, leader: 1 }],
    ['while no broker at all answers', {}],
    ['also if another broker was waited for before', { giveUp: false, leader: 1, before: [3] }],
  ])('are waited for %s', async (_when, brokers) => {
    await expect(pullRanges(ranges, partsOf(brokers).parts)).rejects.toThrow('the leader is away');
  });

  it.each([
    ['is not waited for', false, 0, "can't be reached, as another pull has found"],
    ['is read where it is back', true, 8, undefined],
  ])('that another pull has waited for: one look, and it %s', async (_what, isBack, reads, why) => {
    const { asked, parts, looks } = partsOf({ giveUp: false, leader: 1, before: [1], isBack });
    const lines = await pullRanges(ranges, parts);
    expect(readOf(asked)).toBe(reads);
    expect(looks()).toBe(1);
    expect(lines[7]).toMatchObject(
      why === undefined ? { next: '10' } : { next: '5', cut: { message: expect.stringContaining(why) as string } },
    );
    expect(lines.at(-1)).toMatchObject({ topic: 'there', next: '10' });
  });

  it('that another pull has waited for, and that takes a question without an answer, are looked at for some seconds', async () => {
    const { parts } = partsOf({ giveUp: false, leader: 1, before: [1], looked: () => new Promise(() => undefined) });
    const lines = await pullRanges(ranges, parts);
    expect(lines[7]).toMatchObject({ next: '5', cut: { why: 'problem' } });
  });
});

describe('a log whose beginning is deleted while a run is on its way to it', () => {
  const range = { topic: 't', partition: 0, leader: '1' };
  const ranges = [
    { ...range, from: 5n, to: 10n },
    { ...range, from: 10n, to: 15n },
  ];
  /** It begins at this offset, and ends at 15. */
  function logFrom(logStart: bigint, passGaps: boolean): { asked: bigint[]; parts: PullParts } {
    const asked: bigint[] = [];
    const reader: TopicReader = {
      async *read({ from }) {
        asked.push(from);
        if (from < logStart) throw new OffsetOutOfRange('t', 0, from, logStart, 15n);
      },
      close: async () => undefined,
    };
    return { asked, parts: pullParts({ reader, valuesOf: () => ({}) as never, passGaps }) };
  }
  const why = 'deleted in Kafka before it was archived';

  it('ends the range where gaps are an error', async () => {
    const { parts } = logFrom(8n, false);
    const [first, second] = await pullRanges(ranges, parts);
    expect(first).toMatchObject({ next: '5', cut: { why: 'problem' } });
    expect(second).toMatchObject({ next: '15' });
  });

  it('is read on from where it begins now, and what is gone is kept as missing, where gaps are reported', async () => {
    const { asked, parts } = logFrom(8n, true);
    const lines = await pullRanges(ranges, parts);
    const [first, second] = lines;
    expect(asked).toEqual([5n, 8n, 10n]);
    expect(first).toMatchObject({ next: '10', missing: [{ from: '5', to: '8', why }] });
    expect(first).not.toHaveProperty('cut');
    expect(second).not.toHaveProperty('missing');
    // A release that doesn't know of it would decide without a word of what is missing.
    expect(reportOf(0, 1, lines)[0]).toMatchObject({ version: 2 });
    expect(reportOf(0, 1, lines.slice(1))[0]).toMatchObject({ version: 1 });
  });

  it('passes whole ranges that are gone', async () => {
    const { asked, parts } = logFrom(12n, true);
    const [first, second] = await pullRanges(ranges, parts);
    expect(asked).toEqual([5n, 10n, 12n]);
    expect(first).toMatchObject({ next: '10', records: 0, missing: [{ from: '5', to: '10', why }] });
    expect(second).toMatchObject({ next: '15', missing: [{ from: '10', to: '12', why }] });
  });

  it('is no gap where it ends before the offset', async () => {
    const reader: TopicReader = {
      async *read({ from }) {
        throw new OffsetOutOfRange('t', 0, from, 0n, 3n);
      },
      close: async () => undefined,
    };
    const lines = await pullRanges(ranges, pullParts({ reader, valuesOf: () => ({}) as never, passGaps: true }));
    expect(lines).toMatchObject([
      { next: '5', cut: { why: 'problem' } },
      { next: '10', cut: { why: 'problem' } },
    ]);
  });
});

it('takes nothing of a range whose log lost its end in an unclean election while it was read', async () => {
  const range = { topic: 't', leader: '1', from: 5n, to: 10n, leaderEpoch: 3 };
  const parts = partsWith([]);
  const asked: number[] = [];
  let tries = 0;
  const epochEnds: PullParts['epochs']['epochEnds'] = async (of) => {
    asked.push(...of.map(({ leaderEpoch }) => leaderEpoch));
    tries += 1;
    return of.map(({ topic, partition }) =>
      tries === 1 && partition === 1
        ? { topic, partition, error: 'NOT_LEADER_OR_FOLLOWER' }
        : { topic, partition, offset: partition === 0 ? 8n : 10n },
    );
  };
  const lines = await pullRanges(
    [
      { ...range, partition: 0 },
      { ...range, partition: 1 },
      { ...range, partition: 2, leaderEpoch: undefined },
    ],
    { ...parts, epochs: { epochEnds } },
  );
  expect(asked).toEqual([3, 3, 3]);
  expect(lines).toMatchObject([
    { partition: 0, next: '5', records: 0, cut: { message: expect.stringContaining('from offset 8 on') as string } },
    { partition: 1, next: '10' },
    { partition: 2, next: '10' },
  ]);
});

/** A log of the offsets 5 to 7; values of those that are bad are refused as they are appended. */
function corruptParts(bad: readonly number[], timestampNumber = 5): PullParts {
  let offset = 4;
  const cursor = {
    next: () => ++offset < 8,
    get offset() {
      return BigInt(offset);
    },
    get offsetNumber() {
      return offset;
    },
    bytes: Buffer.from('v'),
    valueStart: 0,
    valueEnd: 1,
    timestampNumber,
  };
  const batch = {
    kind: 'data',
    nextOffset: 8n,
    records: async function* () {
      yield cursor;
    },
  };
  const parts = partsWith([]);
  parts.reader = {
    read: async function* () {
      yield batch as never;
    },
    close: async () => undefined,
  };
  parts.rules = { ...parts.rules, policy: 'skip' };
  parts.valuesOf = () => ({
    time: Number.NaN,
    form: '',
    wrong: '',
    look: () => undefined,
    loadSchema: async () => undefined,
    openFile: (sink) => openLineWriter({ compression: 'none', separator: '\n', sink }),
    producer: () => UNKNOWN_PRODUCER,
    append: (writer) => {
      if (bad.includes(offset)) throw new FormatError('corrupt', 'not of its schema');
      return (writer as LineWriter).append(Buffer.from('v'), 0, 1);
    },
  });
  return parts;
}

it.each([
  { bad: [5], files: [{ records: 2, first: '6', next: '8' }] },
  { bad: [5, 6, 7], files: [] },
])('makes no file of nothing, and begins one with its first record: $bad are bad', async ({ bad, files }) => {
  const range = { topic: 't', partition: 0, leader: '1', from: 5n, to: 8n };
  const lines = await pullRanges([range], corruptParts(bad));
  expect(lines[0]).toMatchObject({ records: 3 - bad.length, left: { corrupt: bad.length }, next: '8' });
  expect(lines.filter(({ kind }) => kind === 'file')).toMatchObject(files);
});

it('keeps whole what is bad where it is asked to, in a file of its own, and goes on with that of the others', async () => {
  const parts = corruptParts([6]);
  const whole = corruptParts([]).valuesOf('t');
  const range = { topic: 't', partition: 0, leader: '1', from: 5n, to: 8n };
  const lines = await pullRanges([range], {
    ...parts,
    bad: { valuesOf: () => whole, pathOf: ({ records, next }) => `/dest/.bad/${records}.${next}` },
  });
  expect(lines[0]).toMatchObject({ records: 2, left: { corrupt: 1 }, next: '8' });
  const files = lines.flatMap((line) => (line.kind === 'file' ? [line] : [])).sort((a, b) => a.records - b.records);
  expect(files).toMatchObject([
    { records: 1, first: '6', next: '7', target: '/dest/.bad/1.7', apart: true },
    { records: 2, first: '5', next: '8', target: '/dest/0' },
  ]);
});

/** The three records of `corruptParts` with these times of their own. */
function timedParts(times: readonly number[], timestamp?: number): PullParts {
  const parts = corruptParts([], timestamp);
  const values = parts.valuesOf('t');
  let looked = 0;
  parts.valuesOf = () => ({
    ...values,
    get time() {
      return times[looked - 1]!;
    },
    look: () => void (looked += 1),
  });
  return parts;
}

it('keeps two hours apart that share a folder, on the day on which clocks go back', async () => {
  const parts = timedParts(['08:30', '09:30', '10:30'].map((time) => Date.parse(`2026-11-01T${time}Z`)));
  parts.buckets = writtenLayout().buckets({ timeZone: 'America/Los_Angeles' });
  parts.pathOf = (file) => writtenLayout().path('/dest', file, '');
  const lines = await pullRanges([{ topic: 't', partition: 0, leader: '1', from: 5n, to: 8n }], parts);
  const targets = lines.flatMap((line) => (line.kind === 'file' ? [line.target] : [])).sort();
  const bucket = (time: string): number => Date.parse(`2026-11-01T${time}Z`);
  expect(targets).toEqual([
    `/dest/t/hourly/2026/11/01/01/t.1.0.1.6.${bucket('08:00')}`,
    `/dest/t/hourly/2026/11/01/01/t.1.0.1.7.${bucket('09:00')}`,
    `/dest/t/hourly/2026/11/01/02/t.1.0.1.8.${bucket('10:00')}`,
  ]);
});

it('counts the records whose own time is not believed', async () => {
  const parts = timedParts([5, -7, 1e18]);
  parts.rules = { ...parts.rules, horizon: 1e15 };
  const range = { topic: 't', partition: 0, leader: '1', from: 5n, to: 8n };
  const [line] = await pullRanges([range], parts);
  expect(line).toMatchObject({ records: 3, untold: { 'wild time': 2 } });
});

it('says of a wild time that is an error whose it is, of its own and of the timestamp of Kafka', async () => {
  const messages = async (times: number[], timestamp: number): Promise<string[]> => {
    const parts = timedParts(times, timestamp);
    parts.rules = { ...parts.rules, horizon: 1e15, wild: 'fail', policy: 'skip' };
    const lines = await pullRanges([{ topic: 't', partition: 0, leader: '1', from: 5n, to: 8n }], parts);
    return lines.flatMap((line) => (line.kind === 'error' ? [line.message] : []));
  };
  const wild = 'is before 1970, or more than time.horizonDays after the run was planned (time.wild)';
  expect(await messages([5, -7, 6], 1e18)).toEqual([`t-0, offset 6: time: its time, -7 ms since 1970, ${wild}`]);
  expect(await messages([5, Number.NaN, 6], 2e15)).toEqual([
    `t-0, offset 6: time: Kafka's timestamp, 2000000000000000 ms since 1970, ${wild}`,
  ]);
});

it.each([
  new JobError('archive-target-exists', 'a schema of this id is there already'),
  new ConnectionError('denied', 'the folder .schemas may not be written to', { status: 403 }),
])('ends the ranges of a topic whose schemas it may not copy, and pulls the others: $message', async (error) => {
  const parts = corruptParts([]);
  const valuesOf = parts.valuesOf;
  parts.valuesOf = (topic) => {
    const values = valuesOf(topic);
    if (topic !== 'closed') return values;
    return { ...values, look: () => 'schema', loadSchema: () => Promise.reject(error) };
  };
  const range = { partition: 0, leader: '1', from: 5n, to: 8n };
  const lines = await pullRanges([{ ...range, topic: 'closed' }], parts);
  expect(lines).toMatchObject([
    { topic: 'closed', next: '5', records: 0, cut: { why: 'problem', message: error.message } },
  ]);
  expect(await pullRanges([{ ...range, topic: 'open' }], corruptParts([]))).toMatchObject([
    { next: '8', records: 3 },
    {},
  ]);
});

it.each([
  new ConnectionError('denied', 'the registry asks for a log-in', { status: 401 }),
  new ConnectionError('unavailable', 'the registry is away'),
])('takes for the whole pull what is no affair of one topic: $message', async (error) => {
  const parts = corruptParts([]);
  const values = parts.valuesOf('t');
  parts.valuesOf = () => ({ ...values, look: () => 'schema', loadSchema: () => Promise.reject(error) });
  const range = { topic: 't', partition: 0, leader: '1', from: 5n, to: 8n };
  await expect(pullRanges([range], parts)).rejects.toBe(error);
});

it('takes a record of which no time is known for neither old nor the first of some hours', async () => {
  const DAY = 86_400_000;
  const parts = timedParts([-1, 10 * DAY, 2 * DAY], -1);
  parts.rules = { ...parts.rules, oldest: 5 * DAY, span: DAY };
  const range = { topic: 't', partition: 0, leader: '1', from: 5n, to: 8n };
  const [line] = await pullRanges([range], parts);
  expect(line).toMatchObject({ next: '8', records: 2, left: { old: 1 }, firstTime: 10 * DAY });
  expect(line).not.toHaveProperty('cut');
});
