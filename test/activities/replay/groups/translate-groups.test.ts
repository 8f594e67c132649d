// Proves that a group goes on in the replay topic exactly where it was in the source: at the first record that it had not
// read, whatever markers, aborted records and gaps lie between; that old offsets are those of the job's beginning and
// new ones the same for each attempt; and that each group gets them once.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { commitOffsets } from '../../../../activities/replay/commit-offsets.ts';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';
import { readOffsets } from '../../../../activities/replay/read-offsets.ts';
import { pinnedGroups } from '../../../../activities/replay/groups/pin-groups.ts';
import { translateOffsets, type TranslatedGroups } from '../../../../activities/replay/groups/translate-offsets.ts';
import { translatedPartShape } from '../../../../activities/replay/groups/translated-part.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { StagedParts } from '../../../../activities/step/staged-parts.ts';
import type { CommittedOffsets } from '../../../../activities/replay/steps.ts';
import { committedLog, headerOf } from '../../../support/kafka/committed-log.ts';
import { MemoryKafka } from '../../../support/kafka/memory-kafka.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { wholeRecordFile } from '../../../support/whole-records.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => ({
  Pacer: class {
    readonly maxBytes = Infinity;
    readonly maxRecords = 7;
    mayGo = async (): Promise<boolean> => true;
  },
}));

/** Partition 0 begins at 1,000 and has holes, 1 has one record, 2 none. */
const OFFSETS = [[...range(1_000, 1_020), ...range(1_025, 1_040), 1_050], [5], []];
const OLD = {
  fresh: { 0: 0, 1: 0, 2: 0 },
  exact: { 0: 1_013, 1: 5 },
  'in-a-hole': { 0: 1_021 },
  'at-the-end': { 0: 1_051, 1: 6, 2: 0 },
  beyond: { 0: 9_000_000_000, 1: 77 },
  'at-the-last': { 0: 1_050 },
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}

const BUCKET = Date.UTC(2014, 10, 2);
const FOLDER = '2014/11/02/00';
const RECORDS = OFFSETS.map((offsets, partition) =>
  offsets.map((offset) => ({ partition, offset, timestamp: BUCKET, value: Buffer.from('v') })),
);
const GROUPS = { 'groups.json': Buffer.from(JSON.stringify({ groups: OLD })) };
const FILES = { ...GROUPS, [`${FOLDER}/a.avro`]: wholeRecordFile(RECORDS.flat()) };
/** The same with names that tell the offsets, as windows need them. */
const NAMED_FILES = {
  ...GROUPS,
  ...Object.fromEntries(
    RECORDS.flatMap((records, partition) => {
      const name = `events.0.${partition}.${records.length}.${(records.at(-1)?.offset ?? 0) + 1}.${BUCKET}.avro`;
      return records.length === 0 ? [] : [[`${FOLDER}/${name}`, wholeRecordFile(records)] as const];
    }),
  ),
};

let replay: MemoryReplay;

/** Published with a transaction in three cut off, so that its records are in the log twice. */
async function open(
  groups: ReplayInput['groups'],
  more: Partial<ReplayInput> = {},
  files: Record<string, Buffer> = FILES,
): Promise<void> {
  // With the paths of files the records are as many transactions as are needed here.
  const output = { partitionCount: 3, headers: { file: true } };
  replay = await MemoryReplay.open({ files, input: { output, groups, ...more }, tuning: { splitBytes: 800 } });
  await replay.kafka.createTopic('events', { partitions: 3, replicationFactor: 1, settings: {} });
}

async function publish(): Promise<void> {
  await replay.claim();
  let commits = 0;
  replay.kafka.interruption = ({ call }, when) => {
    if (call === 'commit' && when === 'written' && (commits += 1) % 3 === 0) throw new Error('cut off');
  };
  for (let done = false; !done;)
    done = await replay.publish().then(
      (slice) => slice.done,
      () => false,
    );
  replay.kafka.interruption = undefined;
}

const pin = (): Promise<unknown> => readOffsets(replay.worker.deps)({ job: replay.job }, replay.worker.context);
const commit = (partial?: string): Promise<CommittedOffsets> =>
  commitOffsets(replay.worker.deps)({ job: replay.job, listing: replay.input.listing, partial }, replay.worker.context);

const committed = async (group: string): Promise<Record<number, bigint>> => {
  const { offsets } = await replay.kafka.describeGroup(group, replay.topic);
  return Object.fromEntries(offsets.map(({ partition, offset }) => [partition, offset]));
};

/** By the records themselves: the first that the group had not read, or the end of the log. */
async function expected(old: Record<number, number>): Promise<Record<number, bigint>> {
  const logs = await committedLog(replay.kafka, replay.topic);
  return Object.fromEntries(
    Object.entries(old).map(([partition, offset]) => {
      const next = logs[Number(partition)]!.find((record) => Number(headerOf(record, 'rewind-offset')) >= offset);
      return [partition, next?.offset ?? replay.kafka.partition(replay.topic, Number(partition)).logEnd];
    }),
  );
}

/** Where each record of partition 0 of the source is. */
async function restored(): Promise<{ at: bigint; old: number }[]> {
  const [log] = await committedLog(replay.kafka, replay.topic);
  return log!.map((record) => ({ at: record.offset, old: Number(headerOf(record, 'rewind-offset')) }));
}

/** The new offset of each one that a group can have in partition 0. */
async function translateEvery(): Promise<{ next: number; from: bigint }[]> {
  const { kafka, worker, job } = replay;
  const staging = new Staging(worker.store, job.staging);
  const parts = new StagedParts(worker.store, staging, 'group-offsets', translatedPartShape);
  const every = [...range(990, 1_060), 2 ** 53];
  const olds = Object.fromEntries(every.map((next) => [`at ${next}`, { 0: String(next) }]));
  const { groups } = await translateOffsets(kafka, job, olds, { ...worker.context, parts });
  return every.map((next) => ({ next, from: BigInt(groups[`at ${next}`]!['0']!) }));
}

it('skip no record that was not read where times sort the records, either', async () => {
  const scrambled = OFFSETS[0]!.map((offset, n) => ({
    partition: 0,
    offset,
    timestamp: BUCKET + ((n * 17) % 36) * 1_000,
    value: Buffer.from('v'),
  }));
  const files = { ...GROUPS, [`${FOLDER}/a.avro`]: wholeRecordFile(scrambled) };
  const groups = { file: '/camus/events/hourly/groups.json' };
  replay = await MemoryReplay.open({ files, input: { output: { partitionCount: 3 }, order: 'time', groups } });
  await pin();
  await publish();
  const records = await restored();
  expect(records.map(({ old }) => old)).not.toEqual(OFFSETS[0]);
  for (const { next, from } of await translateEvery()) {
    const skipped = records.filter(({ at, old }) => at < from && old >= next);
    expect(skipped, `at ${next}`).toEqual([]);
    // No further than need be.
    const following = records.find(({ at }) => at >= from);
    if (following !== undefined) expect(following.old, `at ${next}`).toBeGreaterThanOrEqual(next);
  }
});

describe.each(['whole', 'windows'] as const)('offsets from a file, of records that are sorted as %s', (sort) => {
  beforeEach(async () => {
    const archive = { dest: '/camus', format: 'record' } as const;
    await open({ file: '/camus/events/hourly/groups.json' }, { archive, sort }, NAMED_FILES);
    expect(replay.input.listing.windows !== undefined).toBe(sort === 'windows');
    await pin();
    await publish();
  });

  it('become those of the same records, or of the next ones, or the end', async () => {
    const result = await commit();
    for (const [group, old] of Object.entries(OLD)) expect(await committed(group), group).toEqual(await expected(old));
    // Not a sum: transactions were cut off, and each has a marker.
    expect((await committed('exact'))[0]).toBeGreaterThan(13n);
    expect(result.groups?.listed.map(({ group, status }) => `${group} ${status}`)).toEqual(
      Object.keys(OLD).map((group) => `${group} committed`),
    );
    expect(result.remarks.join()).toContain('6 offsets of groups lie behind the last archived record');
  });

  it('skip no record that was not read, repeat none that was, and are exact where the record is there', async () => {
    const records = await restored();
    expect(records.map(({ old }) => old)).toEqual(OFFSETS[0]);
    for (const { next, from } of await translateEvery()) {
      const read = records.filter(({ at }) => at >= from).map(({ old }) => old);
      expect(read, `at ${next}`).toEqual(OFFSETS[0]!.filter((offset) => offset >= next));
      const exact = records.find(({ old }) => old === next);
      if (exact !== undefined) expect(from, `at ${next}`).toBe(exact.at);
      // What comes after the restore is read next.
      if (read.length === 0) expect(from, `at ${next}`).toBe(replay.kafka.partition(replay.topic, 0).logEnd);
    }
  });

  it('are committed once, though the worker dies between two groups', async () => {
    let commits = 0;
    replay.kafka.interruption = ({ call }, when) => {
      if (call === 'commit' && when === 'after' && (commits += 1) === 2) throw new Error('it dies');
    };
    await expect(commit()).rejects.toThrow('it dies');
    replay.kafka.interruption = undefined;
    // A consumer of the first group has moved on meanwhile, which must not be undone.
    const offsets = [{ partition: 0, offset: 3n, metadata: '' }];
    replay.kafka.groups.commit({ group: 'fresh', topic: replay.topic, offsets });
    const { groups, remarks } = await commit();
    expect(remarks.join()).toContain('6 offsets of groups lie behind the last archived record');
    expect(groups?.listed.map(({ status }) => status)).toEqual([
      'already',
      'already',
      'committed',
      'committed',
      'committed',
      'committed',
    ]);
    expect((await committed('fresh'))[0]).toBe(3n);
    for (const group of ['exact', 'beyond'] as const)
      expect(await committed(group)).toEqual(await expected(OLD[group]));
  });

  it('are looked for from where the attempt before has died', async () => {
    const { kafka, worker, job } = replay;
    const staging = new Staging(worker.store, job.staging);
    const pinned = (await pinnedGroups(staging, worker.context.signal))!;
    const openReader = kafka.openReader.bind(kafka);
    let batches = 0;
    let diesAt = Infinity;
    vi.spyOn(kafka, 'openReader').mockImplementation(() => {
      const reader = openReader();
      const read: typeof reader.read = async function* (range, options) {
        for await (const batch of reader.read(range, options)) {
          if ((batches += 1) === diesAt) throw new Error('it dies');
          yield batch;
        }
      };
      return { read, close: () => reader.close() };
    });
    const translate = (): Promise<TranslatedGroups> => {
      const parts = new StagedParts(worker.store, staging, 'group-offsets', translatedPartShape);
      return translateOffsets(kafka, job, pinned, { ...worker.context, parts, partRecords: 5n });
    };
    const tidy = async (): Promise<void> => {
      for await (const { path } of worker.store.list(staging.folder))
        if (path.includes('/group-offsets.')) await worker.store.delete(path);
    };
    const whole = await translate();
    const all = batches;
    expect(all).toBeGreaterThan(8);
    for (let at = 1; at <= all; at += 1) {
      await tidy();
      [batches, diesAt] = [0, at];
      await expect(translate()).rejects.toThrow('it dies');
      [batches, diesAt] = [0, Infinity];
      expect(await translate()).toEqual(whole);
      // Transactions of seven records, some of them with a batch for its marker behind, and parts after five records.
      expect(batches).toBeLessThanOrEqual(all - at + 4);
    }
  });

  it('are withheld from a replay that is partial', async () => {
    const result = await commit('2 records were skipped');
    expect(result.groups).toBeUndefined();
    expect(result.remarks.join()).toContain('no offsets of groups were translated, since 2 records were skipped');
    expect(await committed('exact')).toEqual({});
  });
});

describe('a partition that has no record and an offset of some group', () => {
  /** Partitions that the replay topic would get of a file with records of partition 1, by its name. */
  const partitions = async (output: ReplayInput['output']): Promise<number> => {
    const records = [1, 2].map((offset) => ({ partition: 1, offset, timestamp: Date.UTC(2014, 10, 2) }));
    const store = new MemoryFileStore();
    await store.write(`/in/events.0.1.2.3.${Date.UTC(2014, 10, 2)}.avro`, [wholeRecordFile(records)]);
    await store.write('/groups.json', [FILES['groups.json']]);
    const worker = new MemoryWorker(store);
    worker.deps.kafka = () => new MemoryKafka();
    const input = { topic: 'events', archive: { input: '/in' }, groups: { file: '/groups.json' }, output };
    const job = await worker.validate(input, 'groups/run-1');
    await readOffsets(worker.deps)({ job }, worker.context);
    return (await worker.list(job)).partitions;
  };

  it('is one of the replay topic', async () => {
    expect(await partitions({})).toBe(3);
    expect(await partitions({ partitionCount: 5 })).toBe(5);
  });

  it('is refused before hours of work where the job says that the replay topic has it not', async () => {
    await expect(partitions({ partitionCount: 2 })).rejects.toMatchObject({
      code: 'replay-topic-partitions',
      message: expect.stringMatching(/is 2, and a group has an offset of partition 2: expected at least 3/) as string,
    });
  });
});

describe('offsets from a cluster', () => {
  const hold = (group: string, offset: bigint): void =>
    replay.kafka.groups.commit({ group, topic: 'events', offsets: [{ partition: 0, offset, metadata: '' }] });

  it('are those of the groups that are named, as they were when the job began', async () => {
    await open({ kafka: 'old', names: ['billing*', 'a.b'] });
    for (const group of ['billing', 'billing.eu', 'a.b', 'aXb', 'other']) hold(group, 1_010n);
    await pin();
    hold('billing', 1_030n);
    await publish();
    const { groups } = await commit();
    expect(groups?.listed.map(({ group }) => group)).toEqual(['a.b', 'billing', 'billing.eu']);
    expect(await committed('billing')).toEqual(await expected({ 0: 1_010 }));
    expect(await committed('other')).toEqual({});
  });

  it('are all but those of Rewind itself where none is named', async () => {
    await open({ kafka: 'old' });
    for (const group of ['one', 'rewind.offsets.one']) hold(group, 1_010n);
    await pin();
    await publish();
    expect((await commit()).groups?.listed.map(({ group }) => group)).toEqual(['one']);
  });

  it('must be there', async () => {
    await open({ kafka: 'old', names: ['billing'] });
    await expect(pin()).rejects.toMatchObject({ code: 'groups-unknown' });
  });

  it('are refused before hours of work where consumers of a group are active', async () => {
    await open({ kafka: 'old' });
    hold('billing', 1_010n);
    replay.kafka.groups.members.set('billing', 2);
    await expect(pin()).rejects.toMatchObject({ code: 'offsets-group-active' });
  });
});

it.each<[string, Partial<ReplayInput>, string]>([
  ['a source of offsets', { groups: {} }, 'groups'],
  ['one source of offsets', { groups: { kafka: 'old', file: '/f' } }, 'groups'],
  ['the partitions of the source', { groups: { file: '/f' }, output: { partitions: 'one' } }, 'groups'],
  [
    'old offsets in headers',
    { groups: { file: '/f' }, output: { headers: { offset: false } } },
    'output.headers.offset',
  ],
  [
    'a source topic that is none of theirs',
    {
      groups: { file: '/f' },
      archive: { dest: '/d', exec: '/e', format: 'record' },
      replayTopic: { name: 'events', allowSource: true },
      offsets: { group: 'billing', zookeeper: false, kafka: true },
    },
    'offsets.group',
  ],
  ['whole records', { groups: { file: '/f' }, archive: { dest: '/d', format: 'avro' } }, 'groups'],
])('groups need %s', (_, input, field) => {
  const job = { topic: 'events', archive: { dest: '/d', format: 'record' as const }, ...input };
  expect(() => parseReplayInput(job)).toThrow(new RegExp(`${field.replaceAll('.', '\\.')}: expected`));
});
