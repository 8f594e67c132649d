// What a plan takes up of topics that change between runs: made anew with fewer partitions or while one has no leader, gone
// or hidden, grown, and held back by a transaction that nobody ends.
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders } from '../../../../activities/archive/archive-folders.ts';
import { decideArchive } from '../../../../activities/archive/decide-archive.ts';
import type { ArchiveInput } from '../../../../activities/archive/job/archive-input.ts';
import type { ArchiveJob } from '../../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../../activities/archive/place-archive.ts';
import { planArchive, readPlan } from '../../../../activities/archive/plan-archive.ts';
import type { RunPlan } from '../../../../activities/archive/plan/plan-file.ts';
import type { PlannedRun } from '../../../../activities/archive/steps.ts';
import { tidyArchive } from '../../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../../activities/dependencies.ts';
import { MemoryKafka } from '../../../support/kafka/memory-kafka.ts';
import { MemoryPartition } from '../../../support/kafka/memory-partition.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { stepContext } from '../../../support/step-context.ts';
import { jobOf } from '../pulled-run.ts';

const context = stepContext();
let store: MemoryFileStore;
let kafka: MemoryKafka;
let deps: Dependencies;
let runs: number;

const HIDDEN = /TOPIC_AUTHORIZATION_FAILED: the login of the worker may not describe it.*topics.exclude/;

beforeEach(() => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  deps = { hdfs: () => store, kafka: () => kafka } as unknown as Dependencies;
  runs = 0;
});

async function create(topic: string, partitions: number): Promise<void> {
  await kafka.createTopic(topic, { partitions, replicationFactor: 1, settings: {} });
}

/** A log whose first records are deleted, and whose end is `end`. */
async function log(
  topic: string,
  partition: number,
  { begin = 0, end }: { begin?: number; end: number },
): Promise<void> {
  const of = kafka.partition(topic, partition);
  of.emptyAt(BigInt(begin));
  const facts = { topic, partition, count: end - begin, firstTimestamp: 0n, maxTimestamp: 0n };
  if (end > begin) await of.append({ ...facts, records: Buffer.alloc(16) });
}

async function planned(
  input: Partial<ArchiveInput> = {},
): Promise<{ job: ArchiveJob; told: PlannedRun; plan: RunPlan }> {
  const job = jobOf(`run/${(runs += 1)}`, input);
  const told = await planArchive(deps)({ job }, context);
  return { job, told, plan: (await readPlan(store, new ArchiveFolders(job), context.signal))! };
}

/** A run that reads nothing, but learns where partitions are. */
async function recorded(input: Partial<ArchiveInput> = {}): Promise<PlannedRun> {
  const { job, told } = await planned(input);
  await decideArchive(deps)({ job }, context);
  await placeArchive(deps)({ job }, context);
  await tidyArchive(deps)({ job }, context);
  return told;
}
const startsOf = ({ plan }: { plan: RunPlan }): Record<string, string> =>
  Object.fromEntries(plan.partitions.map(({ topic, partition, start }) => [`${topic}-${partition}`, start]));

describe('a topic that was made anew', () => {
  beforeEach(async () => {
    await create('t', 3);
    for (const partition of [0, 1, 2]) await log('t', partition, { begin: 5, end: 5 });
    await recorded();
    kafka.deleteTopic('t');
  });

  it('with fewer partitions is known for what it is by the next run, which takes nothing of it a second time', async () => {
    await create('t', 2);
    for (const partition of [0, 1]) await log('t', partition, { begin: 2, end: 2 });
    expect(await recorded({ recreated: 'continue-at-earliest' })).toMatchObject({ problems: [] });
    // Records from before the stored offset are there still: they would be taken again.
    for (const partition of [0, 1]) await log('t', partition, { end: 2 });
    const next = await planned({ recreated: 'continue-at-earliest' });
    expect(startsOf(next)).toEqual({ 't-0': '2', 't-1': '2', 't-2': '5' });
    expect(next.told).toMatchObject({ nothingNew: true, toRead: 0 });
    expect((await planned()).told.problems).toEqual([]);
  });

  it('while one of its partitions has no leader is not continued by number there', async () => {
    await create('t', 3);
    for (const partition of [0, 1, 2]) await log('t', partition, { begin: 2, end: 2 });
    const listTopics = kafka.listTopics.bind(kafka);
    kafka.listTopics = async (names) =>
      (await listTopics(names)).map((of) => ({
        ...of,
        partitions: of.partitions.map((each) => (each.partition === 0 ? { ...each, leader: -1 } : each)),
      }));
    await recorded({ recreated: 'continue-at-earliest' });
    kafka.listTopics = listTopics;
    await log('t', 0, { end: 9 });
    const { told } = await planned();
    expect(told.problems).toMatchObject([
      { topic: 't', message: expect.stringContaining('t-0: the topic was deleted and made anew') as string },
    ]);
    expect(startsOf(await planned({ recreated: 'continue-at-earliest' }))).toEqual({
      't-0': '0',
      't-1': '2',
      't-2': '2',
    });
  });
});

describe('a topic of the history that the brokers do not tell of', () => {
  beforeEach(async () => {
    for (const topic of ['gone', 'there']) {
      await create(topic, 1);
      await log(topic, 0, { end: 0 });
    }
    await recorded();
    kafka.deleteTopic('gone');
  });

  it('is told in each run, and its offsets are kept', async () => {
    const { told, plan } = await planned();
    expect(told.remarks).toEqual([expect.stringMatching(/^gone: archived before.*it was deleted/)]);
    expect(plan.partitions.map(({ topic }) => topic)).toEqual(['gone', 'there']);
  });

  /** As brokers have it: whoever may not describe a topic hears nothing of it, and that of it alone when asking for it. */
  function hide(...hidden: string[]): void {
    const listTopics = kafka.listTopics.bind(kafka);
    kafka.listTopics = async (names) => [
      ...(await listTopics(names)).filter(({ topic }) => !hidden.includes(topic)),
      ...hidden.flatMap((topic) =>
        names?.includes(topic) ? [{ topic, internal: false, error: 'TOPIC_AUTHORIZATION_FAILED', partitions: [] }] : [],
      ),
    ];
  }

  it('is a problem where they say that the login may not describe it, until it is excluded', async () => {
    hide('there');
    const { told, plan } = await planned();
    expect(told.problems).toMatchObject([{ topic: 'there', message: expect.stringMatching(HIDDEN) as string }]);
    expect(told.remarks).toEqual([expect.stringMatching(/^gone: archived before/)]);
    expect(plan.partitions.map(({ topic }) => topic)).toEqual(['gone', 'there']);
    expect((await planned({ topics: { exclude: ['gone', 'there'] } })).told).toMatchObject({
      problems: [],
      remarks: [],
    });
  });

  it('is a problem likewise where topics.include names it and it was never archived', async () => {
    hide('secret.x');
    const { told } = await planned({ topics: { include: ['there', 'secret\\.x', 'absent'] } });
    expect(told.problems).toMatchObject([{ topic: 'secret.x', message: expect.stringMatching(HIDDEN) as string }]);
    expect(told.remarks).toEqual([expect.stringMatching(/^absent: named in topics.include.*misspelled/)]);
  });

  it('is asked for by name in batches, however many there are', async () => {
    const asked: number[] = [];
    const listTopics = kafka.listTopics.bind(kafka);
    kafka.listTopics = async (names) => {
      if (names !== undefined) asked.push(names.length);
      return listTopics(names);
    };
    const include = ['there', ...Array.from({ length: 450 }, (_, n) => `absent${n}`)];
    expect((await planned({ topics: { include } })).told.remarks).toEqual([
      expect.stringMatching(/^absent0, .* and 440 more: named in topics.include/),
    ]);
    expect(asked.filter((count) => count > 0)).toEqual([200, 200, 50]);
  });

  it('is not told where it is not meant', async () => {
    expect((await planned({ topics: { include: ['there'] } })).told.remarks).toEqual([]);
    expect((await planned({ topics: { exclude: ['g.*'] } })).told.remarks).toEqual([]);
  });
});

describe('topics that a replay of Rewind fills', () => {
  beforeEach(async () => {
    for (const topic of ['restored', 'restored2', 'there', 'unmeant']) {
      await create(topic, 1);
      await log(topic, 0, { end: 0 });
    }
    kafka.listGroups = async () => ['restored', 'restored2', 'unmeant'].map((topic) => `rewind.${topic}`);
  });

  it('are named in each run that leaves them out, where the job means them', async () => {
    const { told } = await planned({ topics: { include: ['restored.*', 'there'] } });
    expect(told.remarks).toEqual([
      expect.stringMatching(
        /^restored, restored2: a replay of Rewind fills .*topics\.include by name.*topics\.exclude/,
      ),
    ]);
  });

  it('are not told where they are taken or excluded', async () => {
    const named = await planned({ topics: { include: ['restored', 'restored2', 'there'] } });
    expect(named.told.remarks).toEqual([]);
    expect((await planned({ topics: { exclude: ['restored.*', 'unmeant'] } })).told.remarks).toEqual([]);
  });
});

it('begins a partition that a known topic got since at its earliest offset, although topics begin at their end', async () => {
  await create('t', 1);
  await log('t', 0, { end: 4 });
  await recorded({ start: 'latest' });
  kafka.topics.get('t')!.partitions.push(new MemoryPartition());
  await log('t', 1, { begin: 1, end: 7 });
  await create('later', 1);
  await log('later', 0, { end: 3 });
  expect(startsOf(await planned({ start: 'latest' }))).toEqual({ 't-0': '4', 't-1': '1', 'later-0': '3' });
});

it('says which offsets an open transaction holds back, whose it is, and since when', async () => {
  await create('t', 8);
  for (let partition = 0; partition < 7; partition++) {
    const facts = { topic: 't', partition, firstTimestamp: 0n, maxTimestamp: 0n, records: Buffer.alloc(16) };
    await kafka.partition('t', partition).append({ ...facts, count: 5 });
    await kafka.partition('t', partition).append({ ...facts, count: 10 + partition }, { id: 1000n, epoch: 0 });
  }
  const { told } = await planned();
  expect(told.remarks).toHaveLength(6);
  expect(told.remarks[0]).toMatch(
    /^t-6: 16 offsets are held back .* since offset 5, by producer 1000 \(epoch 0\), whose last batch is of 1970-01-01T00:00:00.000Z/,
  );
  expect(told.remarks[5]).toBe('open transactions hold back offsets of 2 more partitions');
});

it('refuses a history that another EXEC goes on with, and goes on where the EXEC was moved', async () => {
  await create('t', 1);
  await log('t', 0, { end: 0 });
  await recorded();
  const elsewhere = { exec: '/moved', history: '/exec/history' };
  await expect(planned(elsewhere)).rejects.toMatchObject({
    code: 'history-unusable',
    facts: { expected: '/exec', found: '/moved' },
  });
  await store.makeDirectory('/moved');
  await store.rename('/exec/.rewind', '/moved/.rewind');
  expect((await planned(elsewhere)).told).toMatchObject({ nothingNew: true });
});
