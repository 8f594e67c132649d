import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseKafkaConfig } from '../../connections/kafka/config.ts';
import { openKafka } from '../../connections/kafka/open-kafka.ts';
import { javaCommand, javaOptions, SIMPLE_LOGGER } from '../../scripts/stack/java.ts';
import { installMavenPackage } from '../../scripts/stack/maven-package.ts';
import { choosePorts } from '../../scripts/stack/ports.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';
import { KEYSTORE_PASSWORD, makeCertificate } from './certificate.ts';
import { endProcess } from './end-process.ts';

export const USER = 'alice';
export const PASSWORD = 'wonder land%1';

/** Milliseconds after which a login with PLAIN must be renewed; kafkajs does so 10 seconds before. */
export const LOGIN_LIFETIME_MS = 11_500;

export interface OwnBroker {
  /** Address of the listener with TLS and SASL. */
  address: string;
  /** Address of the listener without either. */
  plainAddress: string;
  /** PEM file with the certificate that the broker shows. */
  ca: string;
  /** Stops the process where it is (SIGSTOP): the system still takes connections and bytes for it. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/**
 * A broker of its own with TLS and SASL (PLAIN and both SCRAMs), from the development stack's packages.
 * @param settings further lines of server.properties
 */
export async function startOwnBroker(settings: readonly string[] = []): Promise<OwnBroker> {
  const jars = await installMavenPackage('kafka', (line) => console.error(line));
  const folder = await mkdtemp(join(tmpdir(), 'rewind-secure-broker-'));
  const ca = await makeCertificate(join(folder, 'broker.p12'), folder);
  const ports = await choosePorts(['secure', 'plain', 'controller']);
  const [secure, plain, controller] = [ports['secure']!, ports['plain']!, ports['controller']!];
  const configuration = join(folder, 'server.properties');
  await writeFile(configuration, [...properties(folder, secure, plain, controller), ...settings].join('\n'));
  const classpath = ['-cp', join(jars, '*')];
  const scram = ['256', '512'].flatMap((bits) => [
    '--add-scram',
    `SCRAM-SHA-${bits}=[name="${USER}",password="${PASSWORD}"]`,
  ]);
  await runCommand({
    purpose: 'format the storage of a broker with TLS and SASL',
    command: javaCommand(),
    args: [
      ...javaOptions(128, true),
      ...classpath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      'c2VjdXJlLWJyb2tlci0wMA',
      '-c',
      configuration,
      ...scram,
    ],
    logFile: join(folder, 'format.log'),
  });
  const log = join(folder, 'broker.log');
  const out = openSync(log, 'a');
  const broker = spawn(
    javaCommand(),
    [...javaOptions(256), ...SIMPLE_LOGGER, ...classpath, 'kafka.Kafka', configuration],
    {
      stdio: ['ignore', out, out],
    },
  );
  const stop = async (): Promise<void> => {
    await endProcess(broker, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  const probe = openKafka(parseKafkaConfig({ brokers: `127.0.0.1:${plain}` }, 'probe'));
  for (let tries = 0; ; tries++) {
    try {
      await probe.describeTopic('any');
      break;
    } catch (error) {
      if (tries < 300 && broker.exitCode === null) await sleep(200);
      else {
        console.error(readFileSync(log, 'utf8').slice(-5000));
        await stop();
        throw error;
      }
    }
  }
  return {
    address: `127.0.0.1:${secure}`,
    plainAddress: `127.0.0.1:${plain}`,
    ca,
    freeze: () => void broker.kill('SIGSTOP'),
    thaw: () => void broker.kill('SIGCONT'),
    stop,
  };
}

function properties(folder: string, secure: number, plain: number, controller: number): string[] {
  const listeners = `SECURE://127.0.0.1:${secure},PLAIN://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller}`;
  const jaas = 'org.apache.kafka.common.security';
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `listeners=${listeners}`,
    `advertised.listeners=${listeners}`,
    'listener.security.protocol.map=SECURE:SASL_SSL,PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=PLAIN',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `log.dirs=${join(folder, 'data')}`,
    ...['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].flatMap((topic) => [
      `${topic}.num.partitions=1`,
      `${topic}.replication.factor=1`,
    ]),
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.min.isr=1',
    'log.cleaner.dedupe.buffer.size=16777216',
    `ssl.keystore.location=${join(folder, 'broker.p12')}`,
    `ssl.keystore.password=${KEYSTORE_PASSWORD}`,
    'ssl.keystore.type=PKCS12',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secure.plain.sasl.jaas.config=${jaas}.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`,
    `listener.name.secure.plain.connections.max.reauth.ms=${LOGIN_LIFETIME_MS}`,
    `listener.name.secure.scram-sha-256.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;`,
    `listener.name.secure.scram-sha-512.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;`,
  ];
}
