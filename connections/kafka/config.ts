import { z } from 'zod';
import { ConnectionError } from '../connection-error.ts';
import { readTextFile } from '../text-file.ts';
import type { SaslSettings, TlsSettings, WireSettings } from './wire/wire.ts';

/** Where a Kafka cluster is and how to log in; made by `parseKafkaConfig`. Holds no readable secret. */
export interface KafkaConfig {
  /** `host:port` of the brokers to begin with. */
  brokers: readonly string[];
  /** Name in the brokers' logs and quotas. @default 'rewind' */
  clientId: string;
  /** Bounds connecting to one broker. @default 10000 */
  connectTimeoutMs: number;
  /** Bounds each request. @default 30000 */
  requestTimeoutMs: number;
  /** Bounds waiting for a coordinator, for an earlier transaction's end, and for the leaders of a new topic. @default 60000 */
  waitTimeoutMs: number;
  /** Files and settings of TLS; absent: a plain connection. */
  ssl?: TlsFiles;
  sasl?: SaslLogin;
}

/** Paths of PEM files, read again for each connection, so that they may be renewed. */
export interface TlsFiles {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  rejectUnauthorized?: boolean | undefined;
}

export interface SaslLogin {
  mechanism: SaslSettings['mechanism'];
  username: string;
  /** A function, so that printing the configuration does not print the password; read again for each connection. */
  readPassword: () => Promise<string>;
}

const milliseconds = z.int().min(1).max(600_000);
const file = z.string().min(1);
const ADDRESS = /^(\[[0-9A-Fa-f:.]+\]|[^:\s/[\]]+):(?<port>\d{1,5})$/;
const address = z.string().superRefine((text, context) => {
  const port = ADDRESS.exec(text)?.groups?.['port'];
  // An address with an @ may hold a password.
  const found = text.includes('@') ? 'an address with an @' : JSON.stringify(text);
  if (port === undefined) context.addIssue(`expected 'host:port', found ${found}`);
  else if (Number(port) < 1 || Number(port) > 65_535)
    context.addIssue(`expected a port from 1 to 65535, found ${found}`);
});

const sslShape = z
  .strictObject({
    ca: file.optional(),
    cert: file.optional(),
    key: file.optional(),
    rejectUnauthorized: z.boolean().optional(),
  })
  .refine((ssl) => (ssl.cert === undefined) === (ssl.key === undefined), {
    message: 'give both cert and key, or neither',
  });

const saslShape = z
  .strictObject({
    mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
    username: z.string().min(1),
    password: z.string().min(1).optional(),
    passwordFile: file.optional(),
  })
  .refine((sasl) => (sasl.password === undefined) !== (sasl.passwordFile === undefined), {
    message: 'give exactly one of password and passwordFile',
  });

const configShape = z.strictObject({
  brokers: z
    .union([z.string().transform((text) => text.split(/\s*,\s*/)), z.array(z.string())])
    .pipe(z.array(address).min(1)),
  clientId: z.string().min(1).max(249).default('rewind'),
  connectTimeoutMs: milliseconds.default(10_000),
  requestTimeoutMs: milliseconds.default(30_000),
  waitTimeoutMs: milliseconds.default(60_000),
  ssl: z.union([z.literal(true).transform(() => ({})), sslShape]).optional(),
  sasl: saslShape.optional(),
});

/**
 * Checks the configuration of one Kafka connection: `brokers` is a list of `host:port`, or one string with commas;
 * `ssl` is true or names PEM files; `sasl` holds a password or names a file with one.
 *
 * @param where - names the value in messages, as `connections.kafka.default`
 * @throws ConnectionError 'configuration' naming every wrong field at once, never a password
 */
export function parseKafkaConfig(value: unknown, where: string): KafkaConfig {
  const parsed = configShape.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
    throw new ConnectionError('configuration', problems.join('; '), { where });
  }
  const { sasl, ssl, ...rest } = parsed.data;
  return {
    ...rest,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: saslLogin(sasl, where) }),
  };
}

/** What a connection needs, its certificates and password read from their files now. */
export async function readWireSettings(config: KafkaConfig): Promise<WireSettings> {
  const { clientId, connectTimeoutMs, requestTimeoutMs } = config;
  const settings: WireSettings = { clientId, connectTimeoutMs, requestTimeoutMs };
  if (config.ssl !== undefined) settings.ssl = await readTls(config.ssl);
  if (config.sasl !== undefined) {
    const { mechanism, username, readPassword } = config.sasl;
    settings.sasl = { mechanism, username, password: await readPassword() };
  }
  return settings;
}

/** Addresses for messages, without the login. */
export function describeKafka(config: Pick<KafkaConfig, 'brokers'>): string {
  return `Kafka ${config.brokers.join(',')}`;
}

function saslLogin(sasl: z.infer<typeof saslShape>, where: string): SaslLogin {
  const { mechanism, username, password, passwordFile } = sasl;
  const readPassword = async (): Promise<string> => {
    if (passwordFile === undefined) return password ?? '';
    const text = (await readCredential(passwordFile, `${where}.sasl.passwordFile`)).toString();
    // Editors and `echo` end a file with a newline that is no part of the password.
    return text.replace(/\r?\n$/, '');
  };
  return { mechanism, username, readPassword };
}

async function readTls(files: TlsFiles): Promise<TlsSettings> {
  const settings: TlsSettings = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = files[name];
    if (path !== undefined) settings[name] = await readCredential(path, `ssl.${name}`);
  }
  if (files.rejectUnauthorized !== undefined) settings.rejectUnauthorized = files.rejectUnauthorized;
  return settings;
}

async function readCredential(path: string, where: string): Promise<Buffer> {
  const bytes = await readTextFile(path, where);
  if (bytes.length === 0)
    throw new ConnectionError('configuration', `${where}: ${path} is empty; write the credential into it`, {
      where,
      path,
    });
  return bytes;
}
