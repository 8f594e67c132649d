// The fixtures of NiFi's lines through all steps of a replay: what is published, in which order, what is missing and what
// is there twice, is what the fixtures expect.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { readOffsets } from '../../../../activities/replay/read-offsets.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';
import { offsetsOfRecords } from '../../../../activities/replay/offsets/offsets-of-records.ts';
import { fixture, fixturesBelow, fixtureText } from '../../../formats/support/fixture-files.ts';
import { committedLog } from '../../../support/kafka/committed-log.ts';
import { MemoryNodeStore } from '../../../support/memory-node-store.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';

interface Expected {
  publish: { offset: string; key: string | null; payload: string | null }[];
  gaps: { from: string; to: string }[];
  duplicates: { offset: string; same: boolean }[];
}

const TOPICS = JSON.parse(fixtureText('expected/nifi.json')) as Record<string, Record<string, Expected>>;
/** As the log of a topic in memory shows bytes. */
const latin1 = (text: string | null): string | null => (text === null ? null : Buffer.from(text).toString('latin1'));

async function open(
  topic: string,
  archive: Partial<ReplayInput['archive']> = {},
  more: Partial<ReplayInput> = {},
): Promise<MemoryReplay> {
  const files = fixturesBelow(`nifi/${topic}`).map((path) => [path.split('/').at(-1)!, fixture(path)] as const);
  const input = {
    topic,
    replayTopic: 'events_REPLAY',
    archive: { layout: 'nifi', input: '/camus/events/hourly', ...archive },
    output: { partitionCount: 13 },
    ...more,
  };
  return MemoryReplay.open({ files: Object.fromEntries(files), input, tuning: { splitBytes: 2_000 } });
}

describe('a group that goes on behind the last offsets', () => {
  const offsets = { group: 'billing', kafka: true, zookeeper: false };

  it('gets them from the lines, where no offset is missing', async () => {
    const { worker, input } = await open('clicks', {}, { offsets });
    const pins = await offsetsOfRecords(worker.store, input.job, input.listing.fingerprint);
    const last = Object.entries(TOPICS['clicks']!).map(([partition, { publish }]) => [
      partition,
      String(BigInt(publish.at(-1)!.offset) + 1n),
    ]);
    expect(pins?.next).toEqual(Object.fromEntries(last));
  });

  it('ends the job before anything is published where one is, unless the job says that it may be', async () => {
    const failure = {
      code: 'records-missing',
      message: expect.stringMatching(/287 to 290.*archive\.missing/) as string,
    };
    await expect(open('orders-eu-west', {}, { offsets })).rejects.toMatchObject(failure);
    await open('orders-eu-west', { missing: 'report' }, { offsets });
    await open('orders-eu-west', {}, { offsets: { ...offsets, evenIfPartial: true } });
  });

  it('is refused before hours of work where it has offsets already, or consumers', async () => {
    const { job, kafka, worker } = await open('clicks', {}, { offsets: { ...offsets, existing: 'fail' } });
    const begin = (): Promise<unknown> => readOffsets(worker.deps)({ job }, worker.context);
    await begin();
    kafka.groups.members.set('billing', 2);
    await expect(begin()).rejects.toMatchObject({ code: 'offsets-group-active' });
    kafka.groups.commit({ group: 'billing', topic: 'clicks', offsets: [{ partition: 0, offset: 3n, metadata: '' }] });
    await expect(begin()).rejects.toMatchObject({ code: 'offsets-group-exists' });
  });

  it('is refused before hours of work where it has offsets in ZooKeeper already, or consumers', async () => {
    const nodes = new MemoryNodeStore();
    const { job, worker } = await open('clicks', {}, { offsets });
    worker.deps.zookeeper = async () => nodes;
    const begin = (existing: 'fail' | 'overwrite' | 'leave'): Promise<unknown> => {
      const asked = { ...job.offsets, kafka: false, zookeeper: true, existing };
      return readOffsets(worker.deps)({ job: { ...job, offsets: asked } }, worker.context);
    };
    await begin('fail');
    const create = (path: string): { op: 'create'; path: string; data: Buffer } => ({
      op: 'create',
      path,
      data: Buffer.from('3'),
    });
    const group = ['/consumers', '/consumers/billing', '/consumers/billing/offsets', '/consumers/billing/ids'];
    await nodes.multi([...group, '/consumers/billing/offsets/clicks'].map(create));
    await nodes.multi([create('/consumers/billing/offsets/clicks/0')]);
    await expect(begin('fail')).rejects.toMatchObject({ code: 'offsets-group-exists' });
    await begin('overwrite');
    await nodes.multi([create('/consumers/billing/ids/one')]);
    await expect(begin('overwrite')).rejects.toMatchObject({ code: 'offsets-group-active' });
    await begin('leave');
  });

  it('is refused where nothing tells its offsets', () => {
    const job = { topic: 'clicks', archive: { layout: 'nifi', dest: '/edl' }, offsets };
    const wrong = (input: object): string => {
      try {
        parseReplayInput({ ...job, ...input });
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(wrong({})).toBe('');
    expect(wrong({ order: 'file' })).toMatch(/offsets\.group: expected nothing: archives of NiFi keep no offsets/);
    expect(wrong({ offsetsOnly: true })).toMatch(/offsetsOnly: expected false/);
    expect(wrong({ functions: { filter: 'paid' } })).toMatch(
      /functions\.filter: expected nothing beside offsets\.group/,
    );
    // Records get new offsets there: the old ones would lead past some, or to others once more.
    expect(wrong({ replayTopic: { name: 'clicks', allowSource: true } })).toMatch(
      /offsets\.group: expected nothing where the replay goes into the source clicks itself/,
    );
  });
});

describe.each(Object.entries(TOPICS))('%s', (topic, partitions) => {
  it('is published by offset within each partition, each offset once', async () => {
    const replay = await open(topic);
    await replay.claim();
    while (!(await replay.publish()).done);
    const logs = await committedLog(replay.kafka, replay.topic);
    for (const [partition, log] of logs.entries())
      expect(log.map(({ key, value }) => [key, value])).toEqual(
        (partitions[partition]?.publish ?? []).map(({ key, payload }) => [latin1(key), latin1(payload)]),
      );
    await replay.verify();
    const all = Object.values(partitions);
    const repeats = all.reduce((sum, { duplicates }) => sum + duplicates.length, 0);
    const records = all.reduce((sum, { publish }) => sum + publish.length, 0);
    expect(replay.input.catalogue.records).toBe(String(records));
    expect(replay.input.catalogue.repeats).toBe(repeats === 0 ? undefined : String(repeats));
  });

  it('tells what has the offset of another line and is another message, or ends before anything is published', async () => {
    const differing = Object.entries(partitions).flatMap(([partition, { duplicates }]) => {
      const { length } = duplicates.filter(({ same }) => !same);
      return length === 0 ? [] : [[partition, length] as const];
    });
    const { remarks = [] } = (await open(topic)).input.catalogue;
    const told = remarks.filter((remark) => remark.includes('other records with the same offset'));
    expect(told.map((remark) => /^partition (\d+):/.exec(remark)![1])).toEqual(
      differing.map(([partition]) => partition),
    );
    const strict = open(topic, { conflicts: 'fail' });
    if (differing.length === 0) await strict;
    else await expect(strict).rejects.toMatchObject({ code: 'records-differ' });
  });

  it('tells what is missing, or ends before anything is published', async () => {
    const gaps = Object.entries(partitions).flatMap(([partition, { gaps: all }]) =>
      all.map(({ from, to }) => [partition, from === to ? from : `${from} to ${to}`] as const),
    );
    const { remarks = [] } = (await open(topic)).input.catalogue;
    for (const [partition, gap] of gaps)
      expect(remarks.find((remark) => remark.startsWith(`partition ${partition}: no record has`))).toContain(gap);
    const told = remarks.filter((remark) => /^partition \d+: no record has/.test(remark));
    expect(told).toHaveLength(new Set(gaps.map(([partition]) => partition)).size);
    const strict = open(topic, { gaps: 'fail' });
    if (gaps.length === 0) await strict;
    else await expect(strict).rejects.toMatchObject({ code: 'records-missing' });
  });
});
