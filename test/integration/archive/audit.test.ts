// Counts of what is archived, and gauges, on real servers: those of the records in the files, in the execution and in the topic of
// the audit, once; a topic that can't be written to keeps nothing from being archived.
import avsc from 'avsc';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import { choosePorts } from '../../../scripts/stack/ports.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { stopAtStep } from '../../support/stop-at-step.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

let base: ReplayHarness;
let endpoint: string;
let worker: WorkerProcess;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  const { metrics } = await choosePorts(['metrics']);
  endpoint = `127.0.0.1:${metrics}`;
  worker = await base.startWorker({ REWIND_METRICS_PROMETHEUS: endpoint });
});
afterAll(() => base.close());

const SPAN = 600_000;
const START = Date.UTC(2026, 10, 20, 10);

const values = (from: number, count: number): { value: string }[] =>
  Array.from({ length: count }, (_, n) => ({
    value: JSON.stringify({ n: from + n, timestamp: new Date(START + (from + n) * 60_000).toISOString() }),
  }));

interface Event {
  eventType: string;
  beginTimestamp: number;
  count: number;
  tier: string;
}

/** Events in the topic that readers of committed records see. */
async function eventsIn(topic: string): Promise<Event[]> {
  const type = avsc.Type.forSchema(JSON.parse(writtenLayout().auditEvents.schemaJson) as avsc.Schema);
  const events: Event[] = [];
  for (const { value } of await base.read(topic)) events.push(type.fromBuffer(value) as Event);
  return events.sort((a, b) => a.beginTimestamp - b.beginTimestamp);
}

it('posts the counts of each execution once, and makes up for what could not be posted', async () => {
  const archive = new ArchiveHarness(base, 'audit');
  const [topic, audit] = [archive.topic('counted'), archive.topic('audit')];
  await archive.createTopic(topic, 1);
  await archive.createTopic(audit, 2);
  await archive.produce(topic, values(0, 25));
  const job = archive.job({
    topics: { include: [topic] },
    time: { format: 'ISO-8601' },
    files: { timeZone: 'UTC' },
    audit: { post: { topic: audit, tier: 'hdfs' } },
  });
  const first = await archive.run(job);
  expect(first).toMatchObject({ records: '25', problems: [], audit: { executions: 1, events: 3 } });
  const counted = (begin: number, count: number): object => ({ eventType: topic, beginTimestamp: begin, count });
  const ofFirst = [counted(START, 10), counted(START + SPAN, 10), counted(START + 2 * SPAN, 5)];
  expect(await eventsIn(audit)).toMatchObject(ofFirst);
  const gauges = (await (await fetch(`http://${endpoint}/metrics`)).text()).split('\n');
  const gauge = (name: string): number =>
    Number(
      gauges
        .find((line) => line.startsWith(name) && line.includes(`topic="${topic}"`))
        ?.split(' ')
        .at(-1),
    );
  expect(gauge('rewind_archive_lag')).toBe(0);
  expect(gauge('rewind_archive_newest')).toBe(START / 1000 + 24 * 60);
  expect(gauge('rewind_archive_complete')).toBeGreaterThan(START / 1000);
  expect((await archive.run(job)).audit).toEqual({ executions: 0, events: 0 });

  const gone = { ...job, audit: { post: { topic: archive.topic('nowhere'), tier: 'hdfs' } } };
  await archive.produce(topic, values(25, 5));
  const second = await archive.run(gone);
  expect(second).toMatchObject({ records: '5', offsetsLeft: '0' });
  expect(second.problems[0]?.message).toContain('does not exist');
  await archive.createTopic(archive.topic('nowhere'), 1);
  // Nothing is new to archive: only what was left is posted.
  expect(await archive.run(gone)).toMatchObject({ records: '0', audit: { executions: 1, events: 1 } });
  expect(await eventsIn(archive.topic('nowhere'))).toMatchObject([counted(START + 2 * SPAN, 5)]);
  expect(await eventsIn(audit)).toHaveLength(3);
});

it('posts what two archives count to one topic at the same time, each once and under its own tier', async () => {
  const [one, two] = ['one', 'two'].map((name) => new ArchiveHarness(base, `several-${name}`)) as [
    ArchiveHarness,
    ArchiveHarness,
  ];
  const [topic, audit] = [one.topic('shared'), one.topic('several')];
  await one.createTopic(topic, 1);
  await one.createTopic(audit, 3);
  const jobOf = (archive: ArchiveHarness, tier: string): ArchiveInput =>
    archive.job({
      topics: { include: [topic] },
      time: { format: 'ISO-8601' },
      files: { timeZone: 'UTC' },
      audit: { post: { topic: audit, tier } },
    });
  for (let turn = 0; turn < 3; turn++) {
    await one.produce(topic, values(turn * 10, 10));
    await Promise.all([one.run(jobOf(one, 'one')), two.run(jobOf(two, 'two'))]);
  }
  const events = await eventsIn(audit);
  const of = (tier: string): unknown[] =>
    events.filter((event) => event.tier === tier).map(({ beginTimestamp, count }) => [beginTimestamp, count]);
  const expected = [0, 1, 2].map((turn) => [START + turn * SPAN, 10]);
  expect([of('one'), of('two'), events.length]).toEqual([expected, expected, 6]);
});

it('leaves the counts of a run that was only finished to the next run, which posts them once', async () => {
  const archive = new ArchiveHarness(base, 'finished');
  const [topic, audit] = [archive.topic('finished'), archive.topic('later')];
  await archive.createTopic(topic, 1);
  await archive.createTopic(audit, 1);
  await archive.produce(topic, values(0, 300));
  const job = archive.job({
    topics: { include: [topic] },
    time: { format: 'ISO-8601' },
    files: { timeZone: 'UTC', bucketMinutes: 1 },
    audit: { post: { topic: audit, tier: 'hdfs' } },
  });
  const handle = await archive.start(job);
  // Of 300 renames some are left.
  await stopAtStep(worker, handle, 'placeArchive');
  await worker.end('SIGKILL');
  await handle.terminate('the run is to be finished by another one');
  expect(await archive.executions()).toEqual([]);
  worker = await base.startWorker();
  const finish = { args: [job], taskQueue: base.taskQueue, workflowId: `finish-${base.id}` };
  const finished = (await base.client.workflow.execute('finishArchive', finish)) as { finished?: string };
  expect(await archive.executions()).toEqual([finished.finished]);
  expect(await eventsIn(audit)).toEqual([]);
  expect(await archive.run(job)).toMatchObject({ records: '0', audit: { executions: 1, events: 30 } });
  expect((await archive.run(job)).audit).toEqual({ executions: 0, events: 0 });
  const events = await eventsIn(audit);
  expect(events.map(({ count }) => count)).toEqual(Array(30).fill(10));
});
