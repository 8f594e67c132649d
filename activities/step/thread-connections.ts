import type { HdfsConfig } from '../../connections/hdfs/config.ts';
import type { KafkaConfig } from '../../connections/kafka/config.ts';
import type { RegistryConfig } from '../../connections/registry/config.ts';

/** A configuration as it goes to a thread: what reads a secret can't be cloned, so that the secret itself goes along. */
export interface ThreadKafka extends Omit<KafkaConfig, 'sasl'> {
  login?: { mechanism: NonNullable<KafkaConfig['sasl']>['mechanism']; username: string; password: string };
}

export interface ThreadRegistry extends Omit<RegistryConfig, 'readAuthorization'> {
  authorization?: string;
}

/** Connections by name, as the worker is configured. */
export interface NamedConnections {
  hdfs: Record<string, HdfsConfig>;
  kafka: Record<string, KafkaConfig>;
  registry: Record<string, RegistryConfig>;
}

export interface ThreadConnections {
  hdfs: HdfsConfig;
  kafka: ThreadKafka;
  registry: ThreadRegistry | undefined;
}

/** Those that a job names, as they go to a thread. */
export async function connectionsForThread(
  of: NamedConnections,
  { hdfs, kafka, registry }: { hdfs: string; kafka: string; registry: string },
): Promise<ThreadConnections> {
  const config = of.registry[registry];
  return {
    hdfs: of.hdfs[hdfs]!,
    kafka: await kafkaForThread(of.kafka[kafka]!),
    registry: config && (await registryForThread(config)),
  };
}

export async function kafkaForThread({ sasl, ...config }: KafkaConfig): Promise<ThreadKafka> {
  if (sasl === undefined) return config;
  const { mechanism, username, readPassword } = sasl;
  return { ...config, login: { mechanism, username, password: await readPassword() } };
}

export function kafkaInThread({ login, ...config }: ThreadKafka): KafkaConfig {
  if (login === undefined) return config;
  const { mechanism, username, password } = login;
  return { ...config, sasl: { mechanism, username, readPassword: async () => password } };
}

export async function registryForThread({ readAuthorization, ...config }: RegistryConfig): Promise<ThreadRegistry> {
  return readAuthorization === undefined ? config : { ...config, authorization: await readAuthorization() };
}

export function registryInThread({ authorization, ...config }: ThreadRegistry): RegistryConfig {
  return authorization === undefined ? config : { ...config, readAuthorization: async () => authorization };
}
