// Proves that a Kafka connection's configuration is checked in full, names every wrong field at once, and never shows
// a password, neither in an error nor when it is printed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeKafka, parseKafkaConfig, readWireSettings } from '../../../connections/kafka/config.ts';
import { splitAddress } from '../../../connections/kafka/wire/cluster.ts';

const where = 'connections.kafka.default';

async function temporaryFile(content: string | Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kafka-config-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'credential');
  await writeFile(file, content);
  return file;
}

it('reads a password behind a byte order mark, and refuses one in UTF-16', async () => {
  const settings = async (content: string | Buffer): Promise<unknown> => {
    const sasl = { mechanism: 'plain', username: 'me', passwordFile: await temporaryFile(content) };
    return (await readWireSettings(parseKafkaConfig({ brokers: 'a:9092', sasl }, where))).sasl;
  };
  expect(await settings('\ufeffsecret\n')).toMatchObject({ password: 'secret' });
  await expect(settings(Buffer.from('\ufeffsecret', 'utf16le'))).rejects.toMatchObject({
    fault: 'configuration',
    message: expect.stringMatching(
      /sasl.passwordFile: .*credential at byte 0: .* found UTF-16 \(little endian\)/,
    ) as string,
  });
});

describe('parseKafkaConfig', () => {
  it('takes brokers as a list or a string, and fills in the defaults', () => {
    const expected = {
      brokers: ['a:9092', '[::1]:9093'],
      clientId: 'rewind',
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      waitTimeoutMs: 60_000,
    };
    expect(parseKafkaConfig({ brokers: ['a:9092', '[::1]:9093'] }, where)).toEqual(expected);
    expect(parseKafkaConfig({ brokers: 'a:9092, [::1]:9093' }, where)).toEqual(expected);
    expect(describeKafka(parseKafkaConfig({ brokers: 'a:9092,b:9092' }, where))).toBe('Kafka a:9092,b:9092');
    expect(splitAddress('[::1]:9093')).toEqual(['::1', 9093]);
    expect(splitAddress('kafka-1.example:9092')).toEqual(['kafka-1.example', 9092]);
  });

  it('names every wrong field at once', () => {
    const parse = (): unknown =>
      parseKafkaConfig(
        { brokers: ['nohost'], requestTimeoutMs: 0, retries: 5, ssl: { cert: 'only' }, sasl: { mechanism: 'gssapi' } },
        where,
      );
    expect(parse).toThrow(expect.objectContaining({ fault: 'configuration' }) as Error);
    for (const part of [
      'brokers.0',
      "expected 'host:port'",
      'requestTimeoutMs',
      'retries',
      'ssl',
      'sasl.mechanism',
      'sasl.username',
    ])
      expect(parse).toThrow(part);
  });

  it.each([[[]], [''], ['host'], ['host:99999'], ['http://host:80'], [undefined]])(
    'refuses the brokers %j',
    (brokers) => {
      expect(() => parseKafkaConfig({ brokers }, where)).toThrow(/brokers/);
    },
  );

  it('wants a password or a file with one, not both', () => {
    const sasl = { mechanism: 'plain', username: 'u' };
    const parse = (more: object): unknown => parseKafkaConfig({ brokers: 'a:1', sasl: { ...sasl, ...more } }, where);
    expect(() => parse({})).toThrow('exactly one of password and passwordFile');
    expect(() => parse({ password: 'p', passwordFile: '/f' })).toThrow('exactly one of password and passwordFile');
  });

  it('shows no password, not even where the configuration is wrong', () => {
    const sasl = { mechanism: 'plain', username: 'u', password: 'hunter2' };
    const config = parseKafkaConfig({ brokers: 'a:1', sasl }, where);
    expect(
      inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config) + describeKafka(config),
    ).not.toContain('hunter2');
    const wrong = (): unknown => parseKafkaConfig({ brokers: 'a', sasl: { ...sasl, passwordFile: 'x' } }, where);
    expect(wrong).toThrow();
    expect(wrong).not.toThrow(/hunter2/);
  });
});

describe('readWireSettings', () => {
  it('reads the password and the certificates when a connection is made, without the last newline', async () => {
    const passwordFile = await temporaryFile('hunter2\n');
    const ca = await temporaryFile('-----BEGIN CERTIFICATE-----');
    const config = parseKafkaConfig(
      {
        brokers: 'a:1',
        ssl: { ca, rejectUnauthorized: false },
        sasl: { mechanism: 'scram-sha-512', username: 'u', passwordFile },
      },
      where,
    );
    expect(await readWireSettings(config)).toEqual({
      clientId: 'rewind',
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      ssl: { ca: Buffer.from('-----BEGIN CERTIFICATE-----'), rejectUnauthorized: false },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'hunter2' },
    });
    await writeFile(passwordFile, 'renewed');
    expect((await readWireSettings(config)).sasl?.password).toBe('renewed');
  });

  it('names the file that is missing or empty', async () => {
    const empty = await temporaryFile('');
    const missing = parseKafkaConfig({ brokers: 'a:1', ssl: { ca: '/does/not/exist' } }, where);
    await expect(readWireSettings(missing)).rejects.toMatchObject({
      fault: 'configuration',
      message: /ssl.ca: cannot read \/does\/not\/exist/,
    });
    const blank = parseKafkaConfig({ brokers: 'a:1', ssl: { cert: empty, key: empty } }, where);
    await expect(readWireSettings(blank)).rejects.toMatchObject({ fault: 'configuration', message: /is empty/ });
  });

  it('takes ssl: true for TLS with the usual authorities', async () => {
    expect((await readWireSettings(parseKafkaConfig({ brokers: 'a:1', ssl: true }, where))).ssl).toEqual({});
  });
});
