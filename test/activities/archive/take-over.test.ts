// A history of Camus is gone on with: its offsets by its own rule, its failed runs told from running ones, and what they
// left behind not archived twice.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { planArchive, readPlan } from '../../../activities/archive/plan-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { bytesSource } from '../../../formats/byte-source.ts';
import { openSequenceFile } from '../../../formats/hadoop/sequence-file.ts';
import { decodeEtlRequest, type EtlRequest } from '../../../layouts/camus/etl-request.ts';
import { fixture, fixturesBelow, fixtureText } from '../../formats/support/fixture-files.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { jobOf } from './pulled-run.ts';

const NEWEST = '2014-11-03-11-10-02';
const CAMUS = JSON.parse(fixtureText('expected/offsets.json')) as {
  topics: Record<string, { partition: number; offset: string }[]>;
};
const context = stepContext();
const { signal } = context;

let store: MemoryFileStore;
let kafka: MemoryKafka;
let deps: Dependencies;

beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  deps = { hdfs: () => store, kafka: () => kafka } as unknown as Dependencies;
  for (const path of fixturesBelow('exec').filter((each) => !each.includes('negative')))
    await store.write(`/${path}`, [fixture(path)]);
  return () => vi.useRealTimers();
});

/** Topics whose logs begin where Camus's offsets are, and end `beyond` offsets behind. */
async function topics(beyond: number, names = Object.keys(CAMUS.topics)): Promise<void> {
  for (const topic of names) {
    const known = CAMUS.topics[topic]!;
    const partitions = Math.max(...known.map(({ partition }) => partition)) + 1;
    await kafka.createTopic(topic, { partitions, replicationFactor: 1, settings: {} });
    for (const { partition, offset } of known) {
      const log = kafka.partition(topic, partition);
      log.emptyAt(BigInt(offset));
      const facts = { topic, partition, count: beyond, firstTimestamp: 0n, maxTimestamp: 0n };
      if (beyond > 0) await log.append({ ...facts, records: Buffer.alloc(16) });
    }
  }
}

const later = (minutes: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
};
/** What a recorded run says that it found, as Camus's `requests.previous` has it. */
async function requestsOf(execution: string): Promise<EtlRequest[]> {
  const path = `/exec/history/${execution}/requests.previous`;
  const bytes = await store.read(path, 0, (await store.status(path))!.length);
  const requests: EtlRequest[] = [];
  for await (const { key } of (await openSequenceFile(bytesSource(Buffer.from(bytes)))).records())
    requests.push(decodeEtlRequest(key));
  return requests;
}

const plan = (job: ArchiveJob) => planArchive(deps)({ job }, context);

it('goes on where the newest execution ended, and knows every partition of it ever after', async () => {
  await topics(0);
  later(11);
  const first = jobOf('a/1', { leftovers: 'ignore' });
  const planned = await plan(first);
  // Camus knew nothing of legacy07-2: that is all that is new.
  expect(planned).toMatchObject({ predecessor: NEWEST, pulls: 0, problems: [], nothingNew: false });
  await decideArchive(deps)({ job: first }, context);
  const { execution } = await placeArchive(deps)({ job: first }, context);
  expect(execution > NEWEST).toBe(true);
  const offsets = await readStoredOffsets(store, `/exec/history/${execution}`, signal);
  for (const [topic, partitions] of Object.entries(CAMUS.topics))
    for (const { partition, offset } of partitions)
      expect([topic, partition, offsets.get(`${topic}-${partition}`)?.next]).toEqual([
        topic,
        partition,
        BigInt(offset),
      ]);
  const requests = await requestsOf(execution);
  expect(requests).toHaveLength(offsets.size); // every topic of the history is there
  const [{ partition, offset }] = CAMUS.topics['member_updates'] as [{ partition: number; offset: string }];
  expect(requests).toContainEqual({
    ...{ topic: 'member_updates', partition, leaderId: '1', uri: 'tcp://memory:9092' },
    ...{ offset: 0n, latestOffset: BigInt(offset) },
  });
  expect(await plan(jobOf('b/2'))).toMatchObject({ predecessor: execution, nothingNew: true });
});

it('reads what is behind the stored offsets, and nothing else', async () => {
  await topics(7);
  later(11);
  const known = Object.values(CAMUS.topics).flat().length;
  const planned = await plan(jobOf('a/1', { leftovers: 'ignore' }));
  expect(planned).toMatchObject({ toRead: known, offsets: String(7 * known), problems: [] });
});

it('knows times of the week in which no worker came to it', async () => {
  await topics(7);
  const scheduledAt = Date.now();
  later(7 * 24 * 60);
  const job = { ...jobOf('a/1', { leftovers: 'ignore' }), scheduledAt };
  await plan(job);
  const planned = await readPlan(store, new ArchiveFolders(job), signal);
  expect(planned?.head.horizon).toBe(Date.now() + 2 * 24 * 3_600_000);
});

it('refuses to begin beside a Camus whose execution changes, and begins beside one that failed', async () => {
  await topics(0);
  await expect(plan(jobOf('a/1'))).rejects.toMatchObject({
    code: 'archive-running',
    message: expect.stringContaining('/exec/2014-11-03-12-10-00') as string,
  });
  later(11);
  await expect(plan(jobOf('a/1'))).resolves.toBeDefined();
});

describe('files of a failed run', () => {
  const TOPIC = 'member_updates';
  const folder = `/dest/${TOPIC}/hourly/2014/11/03/12`;
  const left = [`${TOPIC}.1.0.19.500.1414962000000.avro`, `${TOPIC}.1.1.44.400.1414962000000.avro`];
  const archived = `${TOPIC}.1.0.81.481.1414962000000.avro`;

  beforeEach(async () => {
    await topics(100, [TOPIC]);
    for (const name of [...left, archived]) await store.write(`${folder}/${name}`, [Buffer.from(name)]);
    later(11);
  });
  const namesIn = async (path: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const entry of store.list(path)) names.push(entry.path.slice(path.length + 1));
    return names;
  };

  it('are an error that names one and counts all', async () => {
    await expect(plan(jobOf('a/1'))).rejects.toMatchObject({
      code: 'archive-leftovers',
      facts: { files: 2 },
      message: expect.stringContaining(left[0]!) as string,
    });
  });

  it('are moved away where the job says so, and no other', async () => {
    const planned = await plan(jobOf('a/1', { leftovers: 'quarantine' }));
    expect(await namesIn(folder)).toEqual([archived]);
    const moved = `/dest/.rewind/leftovers/${NEWEST}`;
    expect(await namesIn(`${moved}/${TOPIC}/hourly/2014/11/03/12`)).toEqual(left.toSorted());
    expect(planned.remarks[0]).toContain(
      `2 files beyond the stored offsets, as a failed run of Camus leaves them, were moved to ${moved}`,
    );
  });

  it('are moved once, wherever the attempt before was killed', async () => {
    const rename = store.rename.bind(store);
    let renames = 0;
    store.rename = async (...args) => {
      if ((renames += 1) === 2) throw new Error('killed');
      return rename(...args);
    };
    await expect(plan(jobOf('a/1', { leftovers: 'quarantine' }))).rejects.toThrow('killed');
    await plan(jobOf('a/1', { leftovers: 'quarantine' }));
    expect(await namesIn(folder)).toEqual([archived]);
    expect(await namesIn(`/dest/.rewind/leftovers/${NEWEST}/${TOPIC}/hourly/2014/11/03/12`)).toHaveLength(2);
  });

  it('are what was found first: a worker that slept moves nothing that was archived meanwhile', async () => {
    const fresh = `${folder}/${TOPIC}.1.0.100.581.1414962000000.avro`;
    const list = store.list.bind(store);
    let asleep = true;
    store.list = async function* (path, ...rest) {
      if (asleep && path === folder) {
        asleep = false;
        store.list = list;
        // While it sleeps, another run moves what is left, archives anew, and is decided.
        await plan(jobOf('b/2', { leftovers: 'quarantine' }));
        await store.write(fresh, [Buffer.from('archived by Rewind')]);
      }
      yield* list(path, ...rest);
    };
    await plan(jobOf('a/1', { leftovers: 'quarantine' })).catch(() => undefined);
    expect(asleep).toBe(false);
    expect((await namesIn(folder)).toSorted()).toEqual([fresh.slice(folder.length + 1), archived].toSorted());
  });

  it.each(['fail', 'ignore'] as const)(
    'are settled by a run with %s too, for every worker that slept',
    async (leftovers) => {
      if (leftovers === 'fail') for (const name of left) await store.delete(`${folder}/${name}`);
      await plan(jobOf('b/2', { leftovers }));
      const fresh = `${folder}/${TOPIC}.1.0.100.581.1414962000000.avro`;
      await store.write(fresh, [Buffer.from('archived by Rewind')]);
      await expect(plan(jobOf('a/1', { leftovers: 'quarantine' }))).rejects.toMatchObject({
        code: 'archive-leftovers',
      });
      expect(await namesIn(folder)).toContain(fresh.slice(folder.length + 1));
    },
  );

  it('are none where a run of Camus has ended while they were looked for', async () => {
    const list = store.list.bind(store);
    store.list = async function* (path, ...rest) {
      if (path === folder) await store.makeDirectory('/exec/history/2014-11-03-12-10-00');
      yield* list(path, ...rest);
    };
    await expect(plan(jobOf('a/1', { leftovers: 'quarantine' }))).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await namesIn(folder)).toHaveLength(3);
  });

  it('are never moved over others', async () => {
    const there = `/dest/.rewind/leftovers/${NEWEST}/${TOPIC}/hourly/2014/11/03/12/${left[0]}`;
    await store.write(there, [Buffer.from('another')]);
    await expect(plan(jobOf('a/1', { leftovers: 'quarantine' }))).rejects.toMatchObject({
      code: 'archive-target-exists',
    });
    expect(await namesIn(folder)).toContain(left[0]);
  });
});
