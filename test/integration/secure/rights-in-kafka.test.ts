// A login that Kafka forbids a topic, or hides one from: the other topics are archived, both are told, and after the
// repair everything is there once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { PASSWORD, startOwnBroker, USER, type OwnBroker } from '../../support/own-broker.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

// A CommonJS module, whose names Node can't all see.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

let broker: OwnBroker;
let base: ReplayHarness;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewind-rights-'));
  // Who comes without a login may do everything: the test, and the broker itself.
  broker = await startOwnBroker([
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users=User:ANONYMOUS',
  ]);
  base = await ReplayHarness.open({ ...inject('stack'), kafka: [broker.plainAddress] });
  const sasl = { mechanism: 'scram-sha-512', username: USER, password: PASSWORD };
  const config = join(folder, 'worker.json');
  const kafka = { default: { brokers: broker.address, ssl: { ca: broker.ca }, sasl } };
  await writeFile(config, JSON.stringify({ connections: { kafka } }));
  await acl(AclPermissionTypes.ALLOW, AclResourceTypes.TOPIC, '*');
  await acl(AclPermissionTypes.ALLOW, AclResourceTypes.GROUP, '*');
  await base.startWorker({ REWIND_CONFIG: config, REWIND_KAFKA_BROKERS: undefined });
}, 300_000);
afterAll(async () => {
  await base?.close();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Kafkajs gives a topic up that its broker, which is small and busy, has not heard of yet. */
async function create(topic: string): Promise<void> {
  const kafka = openKafka(parseKafkaConfig({ brokers: [broker.plainAddress] }, 'test'));
  await kafka.createTopic(topic, { partitions: 1, replicationFactor: 1, settings: {} }).finally(() => kafka.close());
}

const rule = (permissionType: number, resourceType: number, resourceName: string, operation: number) => ({
  ...{ permissionType, resourceType, resourceName, operation },
  ...{ principal: `User:${USER}`, host: '*', resourcePatternType: ResourcePatternTypes.LITERAL },
});

async function acl(permission: number, type: number, name: string, operation = AclOperationTypes.ALL): Promise<void> {
  await base.admin((admin) => admin.createAcls({ acl: [rule(permission, type, name, operation)] }));
}

async function lift(topic: string, operation: number): Promise<void> {
  const filters = [rule(AclPermissionTypes.DENY, AclResourceTypes.TOPIC, topic, operation)];
  await base.admin((admin) => admin.deleteAcls({ filters }));
}

it('archives the others, tells of the topic that it may not read and of the one that it may not see, and makes up for both', async () => {
  const archive = new ArchiveHarness(base, 'rights');
  const topics = ['first', 'second', 'forbidden', 'hidden'].map((name) => archive.topic(name));
  const [, , forbidden, hidden] = topics as [string, string, string, string];
  const produce = async (from: number): Promise<void> => {
    const messages = Array.from({ length: 10 }, (_, n) => ({ value: JSON.stringify({ n: from + n }) }));
    for (const topic of topics) await archive.produce(topic, messages);
  };
  for (const topic of topics) await create(topic);
  await produce(0);
  const job = archive.job({ topics: { include: topics }, files: { timeZone: 'UTC' } });
  expect(await archive.run(job)).toMatchObject({ records: '40', problems: [], remarks: [] });

  await produce(10);
  await acl(AclPermissionTypes.DENY, AclResourceTypes.TOPIC, forbidden, AclOperationTypes.READ);
  await acl(AclPermissionTypes.DENY, AclResourceTypes.TOPIC, hidden);
  const partial = await archive.run(job);
  expect(partial).toMatchObject({ records: '20' });
  expect(partial.problems).toMatchObject([
    { topic: hidden, message: expect.stringMatching(/may not describe it/) as string },
    { topic: forbidden, message: expect.stringMatching(/authori[sz]|may not read|TOPIC_AUTHORIZATION/i) as string },
  ]);
  expect(partial.remarks).toEqual([]);
  const offsets = await archive.offsets();
  expect(topics.map((topic) => offsets.get(`${topic}-0`)?.next)).toEqual([20n, 20n, 10n, 10n]);

  await lift(forbidden, AclOperationTypes.READ);
  await lift(hidden, AclOperationTypes.ALL);
  expect(await archive.run(job)).toMatchObject({ records: '20', problems: [], remarks: [] });
  for (const topic of topics) {
    const lines = [...(await archive.lines(topic)).values()].flat();
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  }
});

it('tells of a topic that it may not see in a run with nothing new, and no more once it is excluded', async () => {
  const archive = new ArchiveHarness(base, 'unseen');
  const [there, hidden] = [archive.topic('seen'), archive.topic('unseen')];
  for (const topic of [there, hidden]) await create(topic);
  const include = { include: [there, hidden] };
  for (const topic of [there, hidden]) await archive.produce(topic, [{ value: '{"n":1}' }]);
  expect(await archive.run(archive.job({ topics: include }))).toMatchObject({
    records: '2',
    problems: [],
    remarks: [],
  });
  await acl(AclPermissionTypes.DENY, AclResourceTypes.TOPIC, hidden);
  const partial = await archive.run(archive.job({ topics: include }));
  expect(partial).toMatchObject({ records: '0', problems: [{ topic: hidden }] });
  expect(partial).not.toHaveProperty('execution');
  const excluding = archive.job({ topics: { ...include, exclude: [hidden] } });
  expect(await archive.run(excluding)).toMatchObject({ problems: [], remarks: [] });
});

it('tells of a topic that the job names and that is not there', async () => {
  const archive = new ArchiveHarness(base, 'misspelled');
  const [there, missing] = [archive.topic('there'), archive.topic('misspelled')];
  await create(there);
  const { remarks, problems } = await archive.run(archive.job({ topics: { include: [there, missing] } }));
  expect(problems).toEqual([]);
  expect(remarks).toEqual([expect.stringMatching(`^${missing}: named in topics.include`)]);
});
