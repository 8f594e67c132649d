// A whole replay where every server asks who one is: Kafka over TLS with SCRAM, WebHDFS over HTTPS with a delegation
// token, ZooKeeper nodes that only a digest opens. And nothing that any of its runs leaves behind or shows has a
// password or the token in it, whether it succeeds or fails.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zookeeper from 'node-zookeeper-client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import { parseZooKeeperConfig } from '../../../connections/zookeeper/config.ts';
import type { NodeStore } from '../../../connections/zookeeper/node-store.ts';
import { openNodeStore } from '../../../connections/zookeeper/open-node-store.ts';
import { fileStoreSink, writeCamusArchive, type CamusArchive } from '../../support/camus-archive/index.ts';
import { readTopicToItsEnd } from '../../support/camus-archive/topic-reader.ts';
import { PASSWORD as KAFKA_PASSWORD, startOwnBroker, USER as KAFKA_USER } from '../../support/own-broker.ts';
import type { OwnBroker } from '../../support/own-broker.ts';
import { startSecureHdfs, type OwnHdfs } from '../../support/own-hdfs.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { toldByRun } from '../../support/told-by-run.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

const ZOOKEEPER_PASSWORD = `planted-digest-${randomBytes(6).toString('hex')}`;
const TOKEN = `plantedToken${randomBytes(12).toString('hex')}`;
const WRONG_PASSWORD = `planted-wrong-${randomBytes(6).toString('hex')}`;
const SECRETS = [KAFKA_PASSWORD, ZOOKEEPER_PASSWORD, TOKEN, WRONG_PASSWORD];
/** As they are, in URLs, and in base64. */
const SPELLINGS = SECRETS.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
]);

const TOPIC = 'page_views';
const GROUP = 'secured';
let broker: OwnBroker;
let hdfs: OwnHdfs;
let harness: ReplayHarness;
let store: FileStore;
let nodes: NodeStore;
let worker: WorkerProcess;
let archive: CamusArchive;
let folder: string;
const handles: WorkflowHandle[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewind-secure-'));
  [broker, hdfs] = await Promise.all([startOwnBroker(), startSecureHdfs()]);
  const passwordFile = join(folder, 'kafka-password');
  const delegationTokenFile = join(folder, 'token');
  await Promise.all([writeFile(passwordFile, KAFKA_PASSWORD), writeFile(delegationTokenFile, TOKEN)]);
  const stack = inject('stack');
  harness = await ReplayHarness.open({ ...stack, kafka: [broker.plainAddress] });
  const chroot = await lockedChroot(stack.zookeeper, harness.id);
  const kafka = { brokers: broker.address, ssl: { ca: broker.ca } };
  const scram = { mechanism: 'scram-sha-512', username: KAFKA_USER };
  const digest = { scheme: 'digest', username: 'anne' };
  const hosts = `${stack.zookeeper}${chroot}`;
  const connections = {
    hdfs: {
      default: { urls: [hdfs.url], ca: hdfs.ca, delegationTokenFile },
      untrusted: { urls: [hdfs.url], delegationTokenFile, attempts: 1 },
    },
    kafka: {
      default: { ...kafka, sasl: { ...scram, passwordFile } },
      wrong: { ...kafka, sasl: { ...scram, password: WRONG_PASSWORD } },
    },
    zookeeper: {
      default: { hosts, auth: { ...digest, password: ZOOKEEPER_PASSWORD } },
      wrong: { hosts, auth: { ...digest, password: WRONG_PASSWORD } },
    },
  };
  const config = join(folder, 'worker.json');
  await writeFile(config, JSON.stringify({ connections }));
  const unset = Object.fromEntries(
    ['REWIND_HDFS_URL', 'REWIND_HDFS_USER', 'REWIND_KAFKA_BROKERS', 'REWIND_ZOOKEEPER'].map((name) => [
      name,
      undefined,
    ]),
  );
  worker = await harness.startWorker({ REWIND_CONFIG: config, REWIND_REACH_TIMEOUT_MS: '5000', ...unset });
  store = openFileStore(parseHdfsConfig(connections.hdfs.default, 'test'));
  nodes = await openNodeStore(parseZooKeeperConfig(connections.zookeeper.default, 'test'));
  const sink = fileStoreSink(store);
  archive = await writeCamusArchive({
    ...{ records: 600, hours: 2, executions: 2, seed: 'secure' },
    ...{ topics: [TOPIC], dest: '/camus/dest', exec: '/camus/exec', sink },
  });
  await store.write('/camus/output.avsc', [Buffer.from(archive.truth().outputSchema)]);
  await harness.createSource(TOPIC, archive.offsets());
});

afterAll(async () => {
  await nodes?.close();
  await store?.close();
  await harness?.close();
  await Promise.all([broker?.stop(), hdfs?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** A chroot whose `consumers` only anne may see, made by another client than ours. */
async function lockedChroot(hosts: string, id: string): Promise<string> {
  const client = zookeeper.createClient(hosts);
  client.addAuthInfo('digest', Buffer.from(`anne:${ZOOKEEPER_PASSWORD}`));
  client.connect();
  await once(client, 'connected');
  const hash = createHash('sha1').update(`anne:${ZOOKEEPER_PASSWORD}`).digest('base64');
  const only = [new zookeeper.ACL(zookeeper.Permission.ALL, new zookeeper.Id('digest', `anne:${hash}`))];
  const chroot = `/secure-${id}`;
  for (const path of [chroot, `${chroot}/consumers`])
    await new Promise<void>((resolve, reject) =>
      client.create(path, Buffer.alloc(0), only, (error) =>
        error instanceof zookeeper.Exception ? reject(new Error(String(error))) : resolve(),
      ),
    );
  client.close();
  return chroot;
}

const job = (more: Partial<ReplayInput> = {}): ReplayInput => ({
  topic: TOPIC,
  archive: { dest: '/camus/dest', exec: '/camus/exec' },
  output: { schema: '/camus/output.avsc' },
  offsets: { group: GROUP, kafka: true },
  staging: '/staging',
  ...more,
});

async function failureOf(input: ReplayInput): Promise<{ type: string | undefined; message: string }> {
  const handle = await harness.start(input);
  handles.push(handle);
  return harness.failureOf(handle);
}

test('a replay over TLS, HTTPS and digest is exact, and commits the offsets', async () => {
  const handle = await harness.start(job());
  handles.push(handle);
  const result = (await handle.result()) as { offsets: object; records: object };
  expect(result).toMatchObject({
    records: { published: '600' },
    offsets: { zookeeper: 'committed', kafka: 'committed' },
  });
  const values: string[] = [];
  await readTopicToItsEnd({ brokers: [broker.plainAddress], topic: `${TOPIC}_REPLAY` }, (_, { value }) =>
    values.push(value!.toString()),
  );
  expect(new Set(values).size).toBe(600);
  for (const { partition, offset } of archive.offsets())
    expect((await nodes.get(`/consumers/${GROUP}/offsets/${TOPIC}/${partition}`))?.data.toString()).toBe(
      String(offset),
    );
});

test.each([
  ['a wrong password of Kafka', { connections: { kafka: 'wrong' } }, 'rewind.connection.denied'],
  ['a certificate that nobody vouches for', { connections: { hdfs: 'untrusted' } }, 'rewind.connection.configuration'],
  ['a wrong digest', { connections: { zookeeper: 'wrong' }, offsetsOnly: true }, 'rewind.connection.denied'],
])('%s ends the job by name', async (_, more, type) => {
  const failure = await failureOf(job({ ...more, offsets: { group: 'others' }, replayTopic: 'other_REPLAY' }));
  expect(failure.type).toBe(type);
});

test('a damaged file, a missing one, and a bad one that is skipped end as they do elsewhere', async () => {
  await store.write('/bad/data.avro', [Buffer.from('Obj\x01garbage')]);
  const input = { archive: { input: '/bad' }, offsets: {}, output: {} };
  expect((await failureOf(job({ ...input, replayTopic: 'bad_1' }))).type).toMatch(/^rewind\.format\./);
  expect((await failureOf(job({ ...input, archive: { input: '/nowhere' }, replayTopic: 'bad_2' }))).type).toMatch(
    /^rewind\./,
  );
  const skipping = job({ ...input, replayTopic: 'bad_3', badData: { policy: 'skip', limitPercent: 100 } });
  const handle = await harness.start(skipping);
  handles.push(handle);
  await handle.result();
});

test('no secret is in what the runs have left, told or logged', async () => {
  const told: [string, string][] = [];
  for (const handle of handles) told.push([handle.workflowId, await toldByRun(harness.client, handle)]);
  told.push(['output of the worker', worker.output]);
  for await (const { path, text } of textsBelow('/staging')) told.push([path, text]);
  await readTopicToItsEnd({ brokers: [broker.plainAddress], topic: `${TOPIC}_REPLAY` }, (_, { value, headers }) =>
    told.push(['a record', `${value!.toString()} ${JSON.stringify(headers)}`]),
  );
  // What is searched is what it claims to be: inputs, errors, paths and hosts are in it.
  const all = told.map(([, text]) => text).join('\n');
  for (const shown of ['/camus/dest', 'certificate', broker.address, new URL(hdfs.url).host, 'progress'])
    expect([shown, all.includes(shown)]).toEqual([shown, true]);
  for (const [where, text] of told)
    for (const secret of SPELLINGS) if (text.includes(secret)) expect(`${where} has ${secret} in it`).toBe('');
});

async function* textsBelow(path: string): AsyncGenerator<{ path: string; text: string }> {
  for await (const entry of store.list(path))
    if (entry.kind === 'directory') yield* textsBelow(entry.path);
    else
      yield { path: entry.path, text: Buffer.from(await store.read(entry.path, 0, entry.length)).toString('latin1') };
}
