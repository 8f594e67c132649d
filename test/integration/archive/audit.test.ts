// Counts of what is archived, and gauges, on real servers: those of the records in the files, in the execution and in the topic of
// the audit, once; a topic that can't be written to keeps nothing from being archived.
import avsc from 'avsc';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { choosePorts } from '../../../scripts/stack/ports.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

let base: ReplayHarness;
let endpoint: string;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  const { metrics } = await choosePorts(['metrics']);
  endpoint = `127.0.0.1:${metrics}`;
  await base.startWorker({ REWIND_METRICS_PROMETHEUS: endpoint });
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
