// Proves what needs a broker of its own. TLS and SASL: every mechanism publishes and reads, a login that ends is renewed
// between transactions, a wrong password and a certificate that nobody vouches for are told apart from a broker that is
// away, and no error shows the password. And a broker that freezes in mid transaction: the publisher ends as
// 'unavailable' in bounded time, nothing is half committed, and the next publisher goes on from the position.
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import { numbered, position } from './numbered-records.ts';
import { LOGIN_LIFETIME_MS, PASSWORD, startOwnBroker, USER } from '../../support/own-broker.ts';
import type { OwnBroker } from '../../support/own-broker.ts';
import { publisherOf, uniqueName } from './test-topic.ts';

// The records of these tests have times of long ago: Kafka's own retention would delete them at once.
const KEPT = { 'retention.ms': '-1' };

let broker: OwnBroker;

beforeAll(async () => {
  broker = await startOwnBroker();
});

afterAll(() => broker?.stop());

function secure(overrides: { ssl?: object | undefined; sasl?: object | undefined } = {}): KafkaConnection {
  const login = { mechanism: 'plain', username: USER, password: PASSWORD };
  const config = {
    brokers: broker.address,
    ssl: { ca: broker.ca },
    sasl: login,
    connectTimeoutMs: 5000,
    requestTimeoutMs: 15_000,
    ...overrides,
  };
  const connection = openKafka(parseKafkaConfig(config, 'secure'));
  onTestFinished(() => connection.close());
  return connection;
}

async function publishSome(kafka: KafkaConnection): Promise<void> {
  const topic = uniqueName('replay');
  await kafka.createTopic(topic, { partitions: 1, replicationFactor: -1, settings: KEPT });
  const publisher = await publisherOf(kafka, { transactionalId: topic });
  for (let turn = 0; turn < 3; turn++)
    await publisher.commit({ batches: [numbered(topic, 0, 0, 3000, 200)], offsets: [position(topic, topic, turn)] });
  expect((await kafka.lastCommittedRecords(topic))[0]!.offset).toBe(9001n);
}

describe('a broker with TLS and SASL', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('is used with %s', async (mechanism) => {
    await publishSome(secure({ sasl: { mechanism, username: USER, password: PASSWORD } }));
  });

  it('takes a password from a file that is renewed', async () => {
    const passwordFile = `${broker.ca}.password`;
    await writeFile(passwordFile, 'wrong\n');
    const kafka = secure({ sasl: { mechanism: 'scram-sha-512', username: USER, passwordFile } });
    await expect(kafka.describeTopic('t')).rejects.toMatchObject({ fault: 'denied' });
    await writeFile(passwordFile, `${PASSWORD}\n`);
    expect(await kafka.describeTopic('t')).toBeUndefined();
  });

  it('renews a login that is about to end, between transactions', async () => {
    const kafka = secure();
    const topic = uniqueName('replay');
    await kafka.createTopic(topic, { partitions: 1, replicationFactor: -1, settings: KEPT });
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    const end = performance.now() + 1.5 * LOGIN_LIFETIME_MS;
    let transactions = 0;
    for (; performance.now() < end; transactions++) {
      await publisher.commit({ batches: [numbered(topic, 0, 0, 1000, 200)], offsets: [position(topic, topic, 1)] });
      await sleep(100);
    }
    expect((await kafka.lastCommittedRecords(topic))[0]!.offset).toBe(BigInt(transactions * 1001 - 2));
  });

  it.each(['plain', 'scram-sha-256'])('refuses a wrong password with %s, and no error shows it', async (mechanism) => {
    const password = 'not-the-password';
    const error: unknown = await secure({ sasl: { mechanism, username: USER, password } })
      .describeTopic('t')
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'ConnectionError', fault: 'denied' });
    expect((error as Error).message).toContain(broker.address);
    const shown = `${(error as Error).stack} ${JSON.stringify(error)} ${((error as Error).cause as Error)?.stack}`;
    expect(shown).not.toContain(password);
  });

  it('is not trusted without its certificate, unless the configuration says so', async () => {
    await expect(secure({ ssl: {} }).describeTopic('t')).rejects.toMatchObject({
      fault: 'configuration',
      message: /certificate/,
    });
    expect(await secure({ ssl: { rejectUnauthorized: false } }).describeTopic('t')).toBeUndefined();
  });

  it('ends a connection without TLS, or without a login, in time', async () => {
    await expect(secure({ ssl: undefined }).describeTopic('t')).rejects.toMatchObject({ name: 'ConnectionError' });
    await expect(secure({ sasl: undefined }).describeTopic('t')).rejects.toMatchObject({ name: 'ConnectionError' });
  });
});

describe('a broker that stops to answer', () => {
  it('ends the publisher as unavailable, and the next one goes on from the position', async () => {
    const timeouts = { connectTimeoutMs: 8000, requestTimeoutMs: 8000, waitTimeoutMs: 60_000 };
    const kafka = openKafka(parseKafkaConfig({ brokers: broker.plainAddress, ...timeouts }, 'frozen'));
    onTestFinished(() => kafka.close());
    const topic = uniqueName('replay');
    await kafka.createTopic(topic, { partitions: 1, replicationFactor: -1, settings: KEPT });
    let next = 0;
    for (let life = 0; life < 4; life++) {
      const publisher = await publisherOf(kafka, { transactionalId: topic });
      const { offsets } = await kafka.describeGroup(topic, topic);
      const [last] = await kafka.lastCommittedRecords(topic);
      const before = Number(offsets[0]?.offset ?? 0);
      // An answer that was lost may belong to a transaction that was committed; the position tells.
      expect([next, next + 500]).toContain(before);
      expect(last === undefined ? 0 : Number(last.headers[ORDINAL_HEADER]!.toString()) + 1).toBe(before);
      next = before;
      const freezeSoon = (): void => void setTimeout(() => broker.freeze(), 20 + life * 7);
      const error: unknown = await (async () => {
        for (;;) {
          const batches = [numbered(topic, 0, next, next + 250, 500), numbered(topic, 0, next + 250, next + 500, 500)];
          await publisher.commit({ batches, offsets: [position(topic, topic, next + 500)] });
          next += 500;
          if (next === before + 500) freezeSoon();
        }
      })().catch((failure: unknown) => failure);
      expect(error).toMatchObject({ name: 'ConnectionError', fault: 'unavailable' });
      broker.thaw();
      await expect.poll(() => kafka.describeTopic(topic).catch(() => undefined), { timeout: 30_000 }).toBeDefined();
    }
    expect(next).toBeGreaterThanOrEqual(2000);
    const publisher = await publisherOf(kafka, { transactionalId: topic });
    await publisher.close();
    const { latest } = (await kafka.describeTopic(topic))!.partitions[0]!;
    expect((await kafka.abortedRecords(topic, 0, 0n, latest)).count % 250n).toBe(0n);
  });

  it('ends a question as unavailable when its process is gone', async () => {
    const kafka = openKafka(parseKafkaConfig({ brokers: broker.plainAddress, connectTimeoutMs: 5000 }, 'gone'));
    onTestFinished(() => kafka.close());
    expect(await kafka.describeTopic('nothing')).toBeUndefined();
    await broker.stop();
    await expect(kafka.describeTopic('nothing')).rejects.toMatchObject({
      fault: 'unavailable',
      message: /ECONNREFUSED/,
    });
  });
});
