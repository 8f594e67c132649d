import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { javaCommand, javaOptions, SIMPLE_LOGGER } from '../../../scripts/stack/java.ts';
import { installMavenPackage } from '../../../scripts/stack/maven-package.ts';
import { runCommand } from '../../../scripts/stack/run-command.ts';

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

/** A broker of its own with TLS and SASL (PLAIN and both SCRAMs), from the development stack's packages. */
export async function startOwnBroker(): Promise<OwnBroker> {
  const jars = await installMavenPackage('kafka', (line) => console.error(line));
  const folder = await mkdtemp(join(tmpdir(), 'rewind-secure-broker-'));
  const ca = await makeCertificate(folder);
  const [secure, plain, controller] = [await freePort(), await freePort(), await freePort()];
  const configuration = join(folder, 'server.properties');
  await writeFile(configuration, properties(folder, secure, plain, controller));
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
    if (broker.exitCode === null && broker.signalCode === null) {
      const exited = once(broker, 'exit');
      broker.kill('SIGKILL');
      await exited;
    }
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

async function makeCertificate(folder: string): Promise<string> {
  const home = dirname(javaCommand());
  const keytool = home === '.' ? 'keytool' : join(home, 'keytool');
  const store = ['-keystore', join(folder, 'broker.p12'), '-storepass', 'changeit', '-alias', 'broker'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-validity', '30'];
  const certificate = join(folder, 'ca.pem');
  const logFile = join(folder, 'keytool.log');
  await runCommand({
    purpose: 'make a key',
    command: keytool,
    args: ['-genkeypair', '-keyalg', 'RSA', '-storetype', 'PKCS12', ...store, ...names],
    logFile,
  });
  await runCommand({
    purpose: 'export a certificate',
    command: keytool,
    args: ['-exportcert', '-rfc', '-file', certificate, ...store],
    logFile,
  });
  return certificate;
}

function properties(folder: string, secure: number, plain: number, controller: number): string {
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
    'ssl.keystore.password=changeit',
    'ssl.keystore.type=PKCS12',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secure.plain.sasl.jaas.config=${jaas}.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`,
    `listener.name.secure.plain.connections.max.reauth.ms=${LOGIN_LIFETIME_MS}`,
    `listener.name.secure.scram-sha-256.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;`,
    `listener.name.secure.scram-sha-512.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;`,
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
