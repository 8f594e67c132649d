// Counts are posted once, whichever attempt, run or worker that slept posts them, and whatever Kafka has forgotten since.
import avsc from 'avsc';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders } from '../../../activities/archive/archive-folders.ts';
import { auditName } from '../../../activities/archive/audit/audit-position.ts';
import { postCounts } from '../../../activities/archive/audit/post-counts.ts';
import { executionFiles } from '../../../activities/archive/history/execution-files.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { runHead } from './run-head.ts';

const HISTORY = '/exec/history';
const TOPIC = 'audit';
const [E1, E2, E3] = ['2026-11-28-10-00-00', '2026-11-28-11-00-00', '2026-11-28-12-00-00'] as const;
const folders = new ArchiveFolders({ staging: '/dest/.rewind/x/y', exec: '/exec', history: HISTORY });

let store: MemoryFileStore;
let kafka: MemoryKafka;

beforeEach(async () => {
  store = new MemoryFileStore();
  kafka = new MemoryKafka();
  await kafka.createTopic(TOPIC, { partitions: 2, replicationFactor: 1, settings: {} });
});

/** Records an execution that counts two services' records of a topic; without `post` it asks for no posting. */
async function record(execution: string, posts = true, schemaId?: number): Promise<void> {
  const counts = ['one', 'two'].map((service, n) => ({ start: 600_000, server: 'app', service, count: n + 1 }));
  const files = executionFiles({
    head: runHead({
      history: HISTORY,
      execution,
      ...(posts && { post: { topic: TOPIC, tier: 'hdfs', schemaId } }),
    }),
    files: [],
    partitions: [],
    errors: [],
    counts: [
      {
        topic: 't',
        counts: {
          topic: 't',
          granularity: 600_000,
          counts,
          startTime: 1,
          endTime: 2,
          firstTimestamp: 600_001,
          lastTimestamp: 600_002,
        },
      },
    ],
    problems: [],
  });
  for (const { name, chunks } of files) await store.write(`${HISTORY}/${execution}/${name}`, chunks);
}

const post = (executions: readonly string[]) =>
  postCounts(executions, {
    store,
    kafka: () => kafka,
    folders,
    history: HISTORY,
    signal: new AbortController().signal,
    progress: () => undefined,
  });

/** What readers of committed records see: execution of the header and service, and the event. */
async function posted(frame = 0): Promise<{ of: string; event: Record<string, unknown> }[]> {
  const type = avsc.Type.forSchema(JSON.parse(writtenLayout().auditEvents.schemaJson) as avsc.Schema);
  const reader = kafka.openReader();
  const found: { of: string; event: Record<string, unknown> }[] = [];
  for (const { partition, latest } of (await kafka.describeTopic(TOPIC))!.partitions)
    for await (const batch of reader.read({ topic: TOPIC, partition, from: 0n, to: latest })) {
      if (batch.kind !== 'data') continue;
      for await (const cursor of batch.records())
        while (cursor.next()) {
          const value = Buffer.from(cursor.bytes.subarray(cursor.valueStart + frame, cursor.valueEnd));
          const event = type.fromBuffer(value) as Record<string, unknown>;
          const header = event['header'] as { service: string };
          const at = cursor.bytes.indexOf('rewind-execution', cursor.valueEnd);
          const execution = cursor.bytes.subarray(at + 17, at + 17 + E1.length).toString();
          found.push({ of: `${execution} ${header.service}`, event });
        }
    }
  await reader.close();
  return found;
}
const services = async (): Promise<string[]> => (await posted()).map(({ of }) => of).sort();
const all = (...executions: string[]): string[] => executions.flatMap((each) => [`${each} one`, `${each} two`]);

it('tells topic, producer, span and tier, with the frame that the job names', async () => {
  await record(E1, true, 77);
  expect(await post([E1])).toEqual({ executions: 1, events: 2 });
  const [first] = (await posted(5)).sort((a, b) => (a.of < b.of ? -1 : 1));
  expect(first?.event).toMatchObject({
    header: { memberId: -1, server: 'app', service: 'one' },
    tier: 'hdfs',
    eventType: 't',
    count: 1,
    beginTimestamp: 600_000,
    endTimestamp: 1_200_000,
  });
});

it('posts what is behind the last one, and only what asks for it', async () => {
  await record(E1);
  await post([E1]);
  await record(E2, false);
  await record(E3);
  expect(await post([E1, E2, E3])).toEqual({ executions: 1, events: 2 });
  expect(await post([E1, E2, E3])).toEqual({ executions: 0, events: 0 });
  expect(await services()).toEqual(all(E1, E3));
});

it('asks Kafka nothing where nothing is to be posted', async () => {
  await record(E1);
  await post([E1]);
  kafka.interruption = () => Promise.reject(new Error('nobody was to ask'));
  expect(await post([E1])).toEqual({ executions: 0, events: 0 });
});

describe('an attempt that dies', () => {
  // The first commit is of the position alone, the second of the first execution's counts.
  it.each(
    [1, 2, 3].flatMap((commit) => (['before', 'written', 'after'] as const).map((when) => [commit, when] as const)),
  )('at commit %i, %s it, leaves them to be posted once by the next', async (commit, when) => {
    await record(E1);
    await record(E2);
    let commits = 0;
    kafka.interruption = (call, moment) => {
      if (call.call !== 'commit') return;
      if (moment === 'before') commits += 1;
      if (commits === commit && moment === when) throw new Error('killed');
    };
    await expect(post([E1, E2])).rejects.toThrow('killed');
    kafka.interruption = undefined;
    await post([E1, E2]);
    expect(await services()).toEqual(all(E1, E2));
  });

  it.each(['posting', 'posted'])('where HDFS fails at the mark %s leaves them to be posted once', async (as) => {
    await record(E1);
    const write = store.write.bind(store);
    store.write = async (path, ...rest) => {
      if (path.endsWith(`.${as}`)) throw new Error('killed');
      return write(path, ...rest);
    };
    await expect(post([E1])).rejects.toThrow('killed');
    store.write = write;
    await post([E1]);
    expect(await services()).toEqual(all(E1));
  });
});

it('a worker that sleeps in front of its commit posts nothing beside the one that took over', async () => {
  await record(E1);
  let asleep = true;
  kafka.interruption = async ({ call }, when) => {
    if (!asleep || call !== 'commit' || when !== 'before') return;
    asleep = false;
    await post([E1]);
  };
  await expect(post([E1])).rejects.toMatchObject({ fault: 'fenced' });
  expect(await services()).toEqual(all(E1));
});

describe('where the end of the transaction got lost on its way, and no coordinator remembers it', () => {
  /** Posts, but for what does not hear of the end, and dies. */
  async function lose(lost: 'counts' | 'position'): Promise<void> {
    await record(E1);
    kafka.tellsOutcomes = false;
    let commits = 0;
    kafka.interruption = ({ call }, when) => {
      if (call !== 'commit') return;
      if (when === 'before') commits += 1;
      kafka.losesMarker = () => commits === 2 && lost === 'counts';
      kafka.losesGroupMarkers = () => commits === 2 && lost === 'position';
      if (commits === 2 && when === 'after') throw new Error('killed');
    };
    await expect(post([E1])).rejects.toThrow('killed');
    kafka.interruption = undefined;
    kafka.losesMarker = () => false;
    kafka.losesGroupMarkers = () => false;
  }

  it('the counts are out where the position says so', async () => {
    await lose('counts');
    await post([E1]);
    expect(await services()).toEqual(all(E1));
  });

  it('nothing is posted a second time on a guess, and who has looked says how it was', async () => {
    await lose('position');
    await expect(post([E1])).rejects.toMatchObject({ code: 'audit-unknown' });
    expect(await services()).toEqual(all(E1));
    await store.rename(`${folders.audit}/${E1}.posting`, `${folders.audit}/${E1}.posted`);
    await record(E2);
    await post([E1, E2]);
    expect(await services()).toEqual(all(E1, E2));
  });
});

describe('once Kafka has forgotten the position', () => {
  it('goes by what HDFS knows', async () => {
    await record(E1);
    await post([E1]);
    kafka.groups.forget(TOPIC);
    await record(E2);
    await post([E1, E2]);
    expect(await services()).toEqual(all(E1, E2));
  });

  it('says of counts that a worker was posting when it died that nobody can tell', async () => {
    await record(E1);
    kafka.interruption = async ({ call }, when) => {
      const begun = (await store.status(`${folders.audit}/${E1}.posting`)) !== undefined;
      if (call === 'commit' && when === 'after' && begun) throw new Error('killed');
    };
    await expect(post([E1])).rejects.toThrow('killed');
    kafka.interruption = undefined;
    kafka.groups.forget(TOPIC);
    await expect(post([E1])).rejects.toMatchObject({ code: 'audit-unknown' });
    expect(await services()).toEqual(all(E1));
    await store.rename(`${folders.audit}/${E1}.posting`, `${folders.audit}/${E1}.posted`);
    expect(await post([E1])).toEqual({ executions: 0, events: 0 });
  });
});

it('keeps few marks', async () => {
  for (const execution of [E1, E2, E3]) {
    await record(execution);
    await post([E1, E2, E3].filter((each) => each <= execution));
  }
  const marks: string[] = [];
  for await (const { path } of store.list(folders.audit)) marks.push(path);
  expect(marks).toEqual([`${folders.audit}/${E3}.posted`]);
  expect(auditName(HISTORY)).not.toBe(auditName('/other'));
});
