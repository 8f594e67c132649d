// Workers that do different things on task queues of their own, by connections with names, and what they tell: counts
// that Prometheus scrapes, and log lines in JSON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { choosePorts } from '../../../scripts/stack/ports.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

let harness: ReplayHarness;
let folder: string;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  folder = mkdtempSync(join(tmpdir(), 'rewind-apart-'));
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true });
});

/** Servers by names; those that are called `default` are nowhere, so that a job must name the others. */
function configuration(): string {
  const { namenode, kafka, zookeeper } = inject('stack');
  const nowhere = '127.0.0.1:1';
  const connections = {
    hdfs: { default: { urls: [`http://${nowhere}`] }, archive: { urls: [namenode], user: 'rewind' } },
    kafka: { default: { brokers: nowhere }, 'new-cluster': { brokers: kafka } },
    zookeeper: { default: { hosts: nowhere }, consumers: { hosts: zookeeper } },
  };
  const path = join(folder, 'worker.json');
  writeFileSync(path, JSON.stringify({ connections }));
  return path;
}

async function startWorker(serves: string, more: Record<string, string> = {}): Promise<WorkerProcess> {
  return harness.startWorker({
    REWIND_CONFIG: configuration(),
    REWIND_HDFS_URL: undefined,
    REWIND_HDFS_USER: undefined,
    REWIND_KAFKA_BROKERS: undefined,
    REWIND_ZOOKEEPER: undefined,
    REWIND_SERVES: serves,
    REWIND_DECODE_TASK_QUEUE: `${harness.taskQueue}-decode`,
    REWIND_PUBLISH_TASK_QUEUE: `${harness.taskQueue}-publish`,
    REWIND_SPLIT_MIB: '0.05',
    REWIND_LOG_FORMAT: 'json',
    ...more,
  });
}

test('decoding and publishing on queues of their own, over named connections, are counted and logged', async () => {
  const { temporal: first = 0, kafka: second = 0 } = await choosePorts(['temporal', 'kafka']);
  const [quick, decoding, publishing] = await Promise.all([
    startWorker('workflows'),
    startWorker('decode', { REWIND_METRICS_PROMETHEUS: `127.0.0.1:${first}` }),
    startWorker('publish', { REWIND_METRICS_PROMETHEUS: `127.0.0.1:${second}` }),
  ]);
  const { job, topic, replayTopic, archive } = await writeTestArchive(harness, { records: 2_000 });
  const input = { ...job, connections: { hdfs: 'archive', kafka: 'new-cluster', zookeeper: 'consumers' } };
  const handle = await harness.start(input);
  const result = (await handle.result()) as ReplayResult;
  await expectReplayed(harness, replayTopic, archive.truth());

  const { events } = await handle.fetchHistory();
  const queues = new Map(
    (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled ? [[scheduled.activityType?.name, scheduled.taskQueue?.name] as const] : [],
    ),
  );
  expect(queues.get('decodeAndSort')).toBe(`${harness.taskQueue}-decode`);
  expect(queues.get('mergePublish')).toBe(`${harness.taskQueue}-publish`);
  expect(queues.get('listFiles')).toBe(harness.taskQueue);

  const decoded = await scrape(first);
  expect(decoded('rewind_records_decoded', topic)).toBe(result.records.read);
  expect(decoded('rewind_records_published', topic)).toBe(0);
  const published = await scrape(second);
  expect(published('rewind_records_published', topic)).toBe(Number(result.records.published));
  expect(published('rewind_transactions', topic)).toBeGreaterThan(0);
  expect(published('rewind_step_seconds_count', topic)).toBeGreaterThan(0);

  const lines = logLines(decoding);
  const done = lines.filter(({ message, step }) => message === 'step done' && step === 'decodeAndSort');
  expect(done.length).toBeGreaterThan(1);
  for (const line of done)
    expect(line).toMatchObject({ level: 'INFO', workflowId: handle.workflowId, attempt: 1, topic, job: result.job });
  expect(logLines(publishing).some(({ step }) => step === 'mergePublish')).toBe(true);
  expect(logLines(quick).some(({ step }) => step === 'mergePublish')).toBe(false);
});

test('a connection that is not named by the job is the default one, and an unknown one is refused', async () => {
  const { job } = await writeTestArchive(harness, { records: 300, hours: 1 });
  const failure = await harness.failure({ ...job, connections: { kafka: 'old-cluster' } });
  expect(failure.type).toBe('rewind.job.connection-unknown');
  expect(failure.message).toContain('no kafka connection named "old-cluster" (it has: default, new-cluster)');
});

function logLines(worker: WorkerProcess): Record<string, unknown>[] {
  return worker.output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    return [JSON.parse(line) as Record<string, unknown>];
  });
}

/** Sums of a counter over its labels, as Prometheus gets them. */
async function scrape(port: number): Promise<(name: string, topic: string) => number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return (name, topic) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes(`topic="${topic}"`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
