// Servers that are not where the worker's configuration says: a job that has not begun tells which connection it
// is, at which address, why, and what to do; all of them at once, and nothing is left behind.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { TcpProxy } from '../../faults/proxy/tcp-proxy.ts';
import { freePort } from '../../support/free-port.ts';
import { refusalOf } from '../../support/refusal.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { uniqueTopic, writeTestArchive } from '../../support/test-archive.ts';

/** How long these workers wait for a server. */
const REACH = { REWIND_REACH_TIMEOUT_MS: '3000' };

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

const job = () => ({
  topic: uniqueTopic(),
  archive: { dest: '/nowhere', exec: '/nowhere' },
  offsets: { group: 'billing' },
});

/** A job on a worker of its own, whose configuration is wrong. */
async function refusedWith(environment: Record<string, string>, input: unknown = job()) {
  const worker = await harness.startWorker({ ...REACH, ...environment });
  onTestFinished(() => worker.end('SIGKILL'));
  const refusal = await refusalOf(harness, input);
  expect(refusal.steps).toEqual(['validateJob']);
  return refusal;
}

test('a broker at the wrong port is named', async () => {
  const port = await freePort();
  const { type, message } = await refusedWith({ REWIND_KAFKA_BROKERS: `127.0.0.1:${port}` });
  expect(type).toBe('rewind.job.server-unreachable');
  expect(message).toContain(`the Kafka connection "default" (Kafka 127.0.0.1:${port}): `);
  expect(message).toContain('ECONNREFUSED');
  expect(message).toContain('for 3 seconds');
  expect(message).toContain("Check that the server runs, and its address in the worker's configuration");
  expect(message).not.toContain('HDFS connection');
});

test('a NameNode, a broker and a ZooKeeper that are all wrong are named together', async () => {
  const port = await freePort();
  const { type, message } = await refusedWith({
    REWIND_HDFS_URL: `http://127.0.0.1:${port}`,
    REWIND_KAFKA_BROKERS: `127.0.0.1:${port}`,
    REWIND_ZOOKEEPER: `127.0.0.1:${port}`,
  });
  expect(type).toBe('rewind.job.server-unreachable');
  expect(message).toContain(`the HDFS connection "default" (http://127.0.0.1:${port}): `);
  expect(message).toContain(`the Kafka connection "default" (Kafka 127.0.0.1:${port}): `);
  expect(message).toContain(`the ZooKeeper connection "default" (ZooKeeper 127.0.0.1:${port}): `);
});

test('a host name that does not exist is named', async () => {
  const { type, message } = await refusedWith({ REWIND_HDFS_URL: 'http://no-such-host.invalid:9870' });
  expect(type).toBe('rewind.job.server-unreachable');
  expect(message).toContain('no-such-host.invalid');
});

test.each(['REWIND_HDFS_URL', 'REWIND_KAFKA_BROKERS', 'REWIND_ZOOKEEPER'])(
  'a server at %s that takes connections and never answers is named',
  async (variable) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { type, message } = await refusedWith({
      [variable]: variable === 'REWIND_HDFS_URL' ? `http://${address}` : address,
    });
    expect(type).toBe('rewind.job.server-unreachable');
    expect(message).toContain('did not answer');
  },
);

test('a server of another kind at the address is an error of the configuration, at once', async () => {
  const { message, type } = await refusedWith({ REWIND_HDFS_URL: `http://${inject('stack').temporal}` });
  expect(['rewind.job.server-unreachable', 'rewind.connection.configuration']).toContain(type);
  expect(message).toContain(inject('stack').temporal);
});

test('a ZooKeeper without the chroot is an error of the configuration, at once', async () => {
  const hosts = `${inject('stack').zookeeper}/no/such/chroot`;
  const { type, message } = await refusedWith({ REWIND_ZOOKEEPER: hosts });
  expect(type).toBe('rewind.connection.configuration');
  expect(message).toContain('the chroot /no/such/chroot does not exist');
});

test('a server that comes back in time is waited for', async () => {
  const { job: good, archive, replayTopic } = await writeTestArchive(harness, { records: 200 });
  const port = await freePort();
  const worker = await harness.startWorker({
    REWIND_REACH_TIMEOUT_MS: '240000',
    REWIND_KAFKA_BROKERS: `127.0.0.1:${port}`,
  });
  onTestFinished(() => worker.end('SIGKILL'));
  const handle = await harness.start(good);
  // The reason is there for whoever looks while it waits.
  let waitingFor = '';
  while (waitingFor === '') {
    const { raw } = await handle.describe();
    const [details] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
    waitingFor = Buffer.from(details?.data ?? '').toString();
    if (!waitingFor.includes('ECONNREFUSED')) waitingFor = '';
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(waitingFor).toContain('Kafka connection');
  const forward = await TcpProxy.start(inject('stack').kafka[0]!, `127.0.0.1:${port}`);
  onTestFinished(() => forward.close());
  await handle.result();
  expect((await harness.read(replayTopic)).length).toBe(archive.truth().total);
});
