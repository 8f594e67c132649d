// Rights on Kafka are asked of a broker that has an authorizer: each that is missing is named with the command that gives
// it, of topics and groups that are there and of those that aren't yet; and asking leaves nothing and fences nobody.
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import type { Finding } from '../../../connections/finding.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { examineKafka } from '../../../connections/kafka/examine/examine-kafka.ts';
import type { NeededRight } from '../../../connections/kafka/examine/lacked-rights.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { PASSWORD, startOwnBroker, USER, type OwnBroker } from '../../support/own-broker.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

let broker: OwnBroker;
let admin: kafkajs.Admin;
beforeAll(async () => {
  broker = await startOwnBroker([
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users=User:ANONYMOUS',
    '',
  ]);
  admin = new Kafka({ brokers: [broker.plainAddress], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await createTopics(admin, [{ topic: 'there', numPartitions: 1 }]);
});
afterAll(async () => {
  await admin.disconnect();
  await broker.stop();
});

const NEEDED: NeededRight[] = [
  { resource: 'Topic', name: 'there', operations: ['Describe', 'DescribeConfigs', 'Read'] },
  { resource: 'Topic', name: 'absent_REPLAY', operations: ['Create', 'Describe', 'DescribeConfigs', 'Read', 'Write'] },
  { resource: 'Group', name: 'rewind.absent_REPLAY', operations: ['Describe', 'Read'] },
  { resource: 'TransactionalId', name: 'rewind.absent_REPLAY', operations: ['Describe', 'Write'] },
];

async function rights(): Promise<Finding[]> {
  const found: Finding[] = [];
  const sasl = { mechanism: 'scram-sha-512', username: USER, password: PASSWORD };
  const config = parseKafkaConfig({ brokers: broker.address, ssl: { ca: broker.ca }, sasl }, 'test');
  const questions = { rights: NEEDED, certain: true, transactionalId: 'rewind.absent_REPLAY' };
  await examineKafka(config, questions, (finding) => found.push(finding), new AbortController().signal);
  return found.filter(({ about }) => about === 'rights');
}

async function grant(
  resource: keyof typeof RESOURCES,
  name: string,
  ...operations: (keyof typeof AclOperationTypes)[]
) {
  await admin.createAcls({
    acl: operations.map((operation) => ({
      resourceType: RESOURCES[resource],
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${USER}`,
      host: '*',
      operation: AclOperationTypes[operation],
      permissionType: AclPermissionTypes.ALLOW,
    })),
  });
}
const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  id: AclResourceTypes.TRANSACTIONAL_ID,
} as const;

test('a login without any: all are named, with the commands that give them', async () => {
  const found = await rights();
  expect(found.map(({ verdict }) => verdict)).toEqual(['fault', 'fault', 'fault', 'fault']);
  expect(found[1]).toMatchObject({
    says: `Topic absent_REPLAY: the login ${USER} may not Create, Describe, DescribeConfigs, Read, Write`,
    remedy: `kafka-acls.sh --bootstrap-server ${broker.address} --add --allow-principal User:${USER} --operation Create --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic 'absent_REPLAY'`,
  });
});

test('one right after the other: only what still lacks is named', async () => {
  const lacks = async (): Promise<string[]> => (await rights()).map(({ verdict, says }) => `${verdict}: ${says}`);
  await grant('topic', 'there', 'READ');
  await grant('topic', 'absent_REPLAY', 'CREATE', 'DESCRIBE', 'WRITE');
  await grant('group', 'rewind.absent_REPLAY', 'DESCRIBE');
  await grant('id', 'rewind.absent_REPLAY', 'DESCRIBE');
  await expect
    .poll(lacks)
    .toEqual([
      `fault: Topic there: the login ${USER} may not DescribeConfigs`,
      `fault: Topic absent_REPLAY: the login ${USER} may not DescribeConfigs, Read`,
      `fault: Group rewind.absent_REPLAY: the login ${USER} may not Read`,
      `fault: TransactionalId rewind.absent_REPLAY: the login ${USER} may not Write`,
    ]);
  await grant('topic', 'there', 'DESCRIBE_CONFIGS');
  await grant('topic', 'absent_REPLAY', 'DESCRIBE_CONFIGS', 'READ');
  await grant('group', 'rewind.absent_REPLAY', 'READ');
  await grant('id', 'rewind.absent_REPLAY', 'WRITE');
  await expect
    .poll(lacks)
    .toEqual([
      'fine: Topic there: Describe, DescribeConfigs, Read',
      'fine: Topic absent_REPLAY: Create, Describe, DescribeConfigs, Read, Write',
      'fine: Group rewind.absent_REPLAY: Describe, Read',
      'fine: TransactionalId rewind.absent_REPLAY: Describe, Write',
    ]);
});

test('asking creates no topic and no group, and a publisher with the same id is not fenced', async () => {
  const kafka = openKafka(parseKafkaConfig({ brokers: broker.plainAddress }, 'test'));
  const options = {
    transactionalId: 'rewind.absent_REPLAY',
    transactionTimeoutMs: 20_000,
    compression: 'none',
  } as const;
  const publisher = await kafka.openPublisher(options);
  await rights();
  const offsets = [{ group: 'other', topic: 'there', offsets: [{ partition: 0, offset: 1n, metadata: '' }] }];
  await publisher.commit({ batches: [], offsets });
  await publisher.close();
  expect(await kafka.listGroups()).not.toContain('rewind.absent_REPLAY');
  expect((await admin.listTopics()).sort()).not.toContain('absent_REPLAY');
  await kafka.close();
});
