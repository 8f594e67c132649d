// `rewind doctor` against real servers: all that a worker's configuration names is examined, what is wrong is told in two
// lines, nothing is changed by looking, and a server that never answers ends nothing but its own part.
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { stackEnvironment } from '../../../scripts/stack/stack-addresses.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import type { DoctorReport } from '../../../workers/doctor/doctor-report.ts';
import { runRewind, type Ran } from './run-rewind.ts';

let harness: ReplayHarness;
let folder: string;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  folder = await mkdtemp(join(tmpdir(), 'rewind-doctor-'));
});
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true });
});

const doctor = (args: string[] = [], environment: Record<string, string> = {}): Promise<Ran> =>
  runRewind(harness, ['doctor', ...args], { environment: { ...stackEnvironment(harness.stack), ...environment } });

const reportOf = (ran: Ran): DoctorReport => JSON.parse(ran.out) as DoctorReport;

function findings(report: DoctorReport, kind: string): { about: string; verdict: string; says: string }[] {
  return report.examined.filter((each) => each.kind === kind).flatMap((each) => each.findings);
}

function versionIn(pom: string): string {
  const text = readFileSync(new URL(`../../../scripts/stack/${pom}.pom.xml`, import.meta.url), 'utf8');
  return /<version>([\d.]+)<\/version>/.exec(text)![1]!;
}

async function jobFile(job: object): Promise<string> {
  const path = join(folder, 'job.json');
  await writeFile(path, JSON.stringify(job));
  return path;
}

async function scratchFolders(): Promise<string[]> {
  const names: string[] = [];
  const home = await harness.store.homeDirectory();
  if ((await harness.store.status(`${home}/.rewind`)) === undefined) return names;
  for await (const { path } of harness.store.list(`${home}/.rewind`)) names.push(path);
  return names.filter((path) => path.includes('rewind-doctor'));
}

test('on servers that are all well: exit code 0, their versions, and rights that were asked', async () => {
  await harness.startWorker();
  const { job, topic, replayTopic } = await writeTestArchive(harness, { records: 50, hours: 1 });
  const file = await jobFile({ ...job, staging: `${harness.folder}/staging` });
  const ran = await doctor([file, '--json']);
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  const report = reportOf(ran);
  expect(report).toMatchObject({ healthy: true, faults: 0 });
  expect(report.examined.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['temporal', 'hdfs', 'kafka', 'zookeeper']),
  );
  const says = (kind: string): string =>
    findings(report, kind)
      .map((each) => each.says)
      .join('\n');
  expect(says('hdfs')).toContain(`Hadoop ${versionIn('hadoop')} at`);
  expect(says('zookeeper')).toContain(`ZooKeeper ${versionIn('zookeeper')} at`);
  expect(says('kafka')).toMatch(/^Kafka 4\.\d or newer/m);
  expect(says('kafka')).toContain(`Topic ${replayTopic}: Create, Describe, DescribeConfigs, Read, Write`);
  expect(says('temporal')).toMatch(/is asked for tasks by [1-9]/);
  expect(says('hdfs')).toContain(`${harness.folder}/staging: create, write, read, rename and delete were done`);
  expect(findings(report, 'hdfs')).toContainEqual({
    about: 'clock',
    verdict: 'fine',
    says: expect.any(String) as string,
  });

  // Looking has changed nothing: no folder, no topic, no group.
  expect(await harness.store.status(`${harness.folder}/staging`)).toBeUndefined();
  expect(await scratchFolders()).toEqual([]);
  await harness.admin(async (admin) => {
    const topics = await admin.listTopics();
    expect(topics.filter((name) => name.includes(topic) && name.includes('REPLAY'))).toEqual([]);
    expect(topics).not.toContain('rewind-doctor_REPLAY');
  });
});

test('for a person: a line for each fact, two for each fault, exit code 1', async () => {
  const ran = await doctor(['--task-queue', `nobody-${harness.id}`], { REWIND_HDFS_USER: `stranger-${harness.id}` });
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(/^hdfs\.default: http/m);
  expect(ran.out).toMatch(
    / {2}FAULT {4}rights: \/user\/stranger-\w+\/\.rewind: can't make a folder: .*\n {11}give the worker's user/,
  );
  expect(ran.out).toMatch(
    / {2}FAULT {4}task queue: nobody has asked the task queue nobody-\w+ .*\n {11}start a worker/,
  );
  expect(ran.out).toMatch(/\nNOT ready: 2 faults, \d+ warnings?\n$/);
  expect(ran.err.trimEnd().split('\n')).toHaveLength(2);
});

test('a folder of the archive that may not be read is told with its job', async () => {
  const made = await writeTestArchive(harness, { records: 50, hours: 1 });
  const url = `${harness.stack.namenode}/webhdfs/v1${made.folder}/dest?op=SETPERMISSION&permission=700&user.name=rewind`;
  expect((await fetch(url, { method: 'PUT' })).status).toBe(200);
  const file = await jobFile(made.job);
  const ran = await doctor([file, '--json'], { REWIND_HDFS_USER: `stranger-${harness.id}` });
  expect(ran.code).toBe(1);
  const faults = findings(reportOf(ran), 'hdfs').filter(({ verdict }) => verdict === 'fault');
  expect(faults.map(({ says }) => says).join('\n')).toContain(`${made.folder}/dest`);
});

test('servers that accept and never answer: each is told, in time, and Temporal is examined all the same', async () => {
  const silent = await Promise.all([silentServer(), silentServer(), silentServer(), silentServer()]);
  const [hdfs, kafka, zookeeper, registry] = silent.map(
    (server) => `127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  try {
    const ran = await doctor(['--json', '--timeout', '2'], {
      REWIND_HDFS_URL: `http://${hdfs}`,
      REWIND_KAFKA_BROKERS: kafka!,
      REWIND_ZOOKEEPER: zookeeper!,
      REWIND_REGISTRY_URL: `http://${registry}`,
    });
    expect(ran.code).toBe(1);
    const report = reportOf(ran);
    for (const kind of ['hdfs', 'kafka', 'zookeeper', 'registry'])
      expect(findings(report, kind).filter(({ verdict }) => verdict === 'fault')).not.toEqual([]);
    expect(findings(report, 'temporal')).toContainEqual(expect.objectContaining({ about: 'version', verdict: 'fine' }));
  } finally {
    for (const server of silent) server.close();
  }
});

test('nobody at all, Temporal included: every one is a fault of its own', async () => {
  const nowhere = '127.0.0.1:1';
  const ran = await doctor(['--json'], {
    TEMPORAL_ADDRESS: nowhere,
    REWIND_HDFS_URL: `http://${nowhere}`,
    REWIND_KAFKA_BROKERS: nowhere,
    REWIND_ZOOKEEPER: nowhere,
  });
  expect(ran.code).toBe(1);
  const report = reportOf(ran);
  for (const kind of ['temporal', 'hdfs', 'kafka', 'zookeeper'])
    expect(findings(report, kind)).toContainEqual(expect.objectContaining({ about: 'reached', verdict: 'fault' }));
});

test('a wrong configuration, and a file that is no job: exit code 2, two lines', async () => {
  const wrong = await doctor([], { REWIND_KAFKA_BROKERS: 'no-port' });
  expect(wrong).toMatchObject({ code: 2, out: '' });
  const noJob = await doctor([await jobFile({ topic: 'events' })]);
  expect(noJob).toMatchObject({ code: 2, out: '' });
  expect(noJob.err).toMatch(/wrong field/);
});

test('a worker tells the same once when it has started, and serves', async () => {
  const worker = await harness.startWorker({ REWIND_HDFS_USER: `stranger-${harness.id}` });
  await expect.poll(() => worker.output).toMatch(/connections examined: \d+ faults/);
  expect(worker.output).toMatch(/WARN.*The connection hdfs\.default, fault \(rights\): \/user\/stranger-/);
  expect(worker.running).toBe(true);
  await worker.end();
});

/** Takes connections, reads what comes, and says nothing. */
async function silentServer(): Promise<Server> {
  const server = createServer((socket) => void socket.resume().on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
