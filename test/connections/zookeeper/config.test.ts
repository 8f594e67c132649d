// The configuration of a ZooKeeper connection is checked in full, takes connection strings as Kafka writes them, and
// shows its password to nobody.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeZooKeeper, parseZooKeeperConfig } from '../../../connections/zookeeper/config.ts';

const WHERE = 'connections.zookeeper.default';
const parse = (value: unknown): ReturnType<typeof parseZooKeeperConfig> => parseZooKeeperConfig(value, WHERE);

describe('hosts', () => {
  it.each([
    [{ hosts: 'zk1' }, 'zk1:2181'],
    [{ hosts: 'zk1:2181,zk2:2182/kafka/eu' }, 'zk1:2181,zk2:2182/kafka/eu'],
    [{ hosts: ' zk1 , zk2:1, ' }, 'zk1:2181,zk2:1'],
    [{ hosts: ['zk1:2181', 'zk2'], chroot: '/kafka' }, 'zk1:2181,zk2:2181/kafka'],
    [{ hosts: 'zk1/kafka', chroot: '/kafka' }, 'zk1:2181/kafka'],
    [{ hosts: 'zk1/', chroot: '/' }, 'zk1:2181'],
    [{ hosts: '[::1]:2181,10.0.0.1:2/c' }, '[::1]:2181,10.0.0.1:2/c'],
  ])('are read from %j', (value, expected) => {
    expect(describeZooKeeper(parse(value))).toBe(`ZooKeeper ${expected}`);
  });

  it.each([
    [{ hosts: 'zk1:99999' }, /hosts: 'zk1:99999' is not host:port/],
    [{ hosts: 'zk1:0' }, /is not host:port/],
    [{ hosts: 'zk 1' }, /is not host:port/],
    [{ hosts: 'zk1:2181:2182' }, /is not host:port/],
    [{ hosts: ',' }, /names no server/],
    [{ hosts: '/kafka' }, /names no server/],
    [{ hosts: 'zk1/kafka', chroot: '/other' }, /chroot: is '\/other', but hosts end with '\/kafka'/],
    [{ hosts: 'zk1/kafka,zk2/kafka', chroot: '/kafka' }, /chroot/],
    [{ hosts: 'zk1', chroot: 'kafka' }, /does not begin with \//],
    [{ hosts: 'zk1/kafka/' }, /empty name/],
    [{ hosts: 'zk1/a/../b' }, /'\.\.'/],
  ])('are refused where they are wrong: %j', (value, message) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ fault: 'configuration' }));
    expect(() => parse(value)).toThrow(message);
  });
});

describe('all fields', () => {
  it('have defaults', () => {
    expect(parse({ hosts: 'zk1' })).toEqual({
      servers: [{ host: 'zk1', port: 2181 }],
      chroot: '',
      sessionTimeoutMs: 30_000,
      connectTimeoutMs: 15_000,
      requestTimeoutMs: 30_000,
      maxRequestBytes: 1_048_575,
    });
  });

  it('that are wrong are named at once, unknown ones included', () => {
    const value = {
      sessionTimeoutMs: 0,
      connectTimeoutMs: '1',
      host: 'zk1',
      auth: { scheme: 'sasl', username: 'a:b' },
    };
    for (const name of ['hosts', 'sessionTimeoutMs', 'connectTimeoutMs', 'auth.scheme', 'auth.username'])
      expect(() => parse(value)).toThrow(`${WHERE}.${name}: `);
    expect(() => parse(value)).toThrow('"host"');
  });
});

describe('a password', () => {
  const SECRET = 'hunter2-hunter2';
  const auth = { scheme: 'digest', username: 'rewind' };

  it('is not shown by printing the configuration', async () => {
    const config = parse({ hosts: 'zk1', auth: { ...auth, password: SECRET } });
    expect(await config.auth?.readPassword()).toBe(SECRET);
    expect(
      inspect(config, { depth: null, showHidden: true }) + JSON.stringify(config) + describeZooKeeper(config),
    ).not.toContain('hunter2');
  });

  it.each([
    { hosts: 'zk1', auth: { ...auth, password: [SECRET] } },
    { hosts: 'zk1', auth: { ...auth, password: SECRET, passwordFile: 'x' } },
    { hosts: 'zk1', auth: { ...auth } },
    { hosts: 'zk1', auth: { scheme: SECRET, username: 'a', password: SECRET } },
    { hosts: `rewind:${SECRET}@zk1:2181` },
    { hosts: 5, auth: { ...auth, password: SECRET } },
  ])('is in no message about what is wrong (%#)', (value) => {
    let message = '';
    try {
      parse(value);
    } catch (error) {
      message = inspect(error);
    }
    expect(message).toContain(WHERE);
    expect(message).not.toContain('hunter2');
  });

  it('is read from its file anew each time, without the newline that ends it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rewind-zk-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const passwordFile = join(folder, 'password');
    const config = parse({ hosts: 'zk1', auth: { ...auth, passwordFile } });
    await expect(config.auth?.readPassword()).rejects.toMatchObject({
      fault: 'configuration',
      message: expect.stringContaining(passwordFile) as string,
    });
    await writeFile(passwordFile, ` ${SECRET} \n`);
    expect(await config.auth?.readPassword()).toBe(` ${SECRET} `);
    await writeFile(passwordFile, 'renewed');
    expect(await config.auth?.readPassword()).toBe('renewed');
    await writeFile(passwordFile, '\ufeffmarked');
    expect(await config.auth?.readPassword()).toBe('marked');
    await writeFile(passwordFile, Buffer.from('\ufeffwide', 'utf16le'));
    await expect(config.auth?.readPassword()).rejects.toThrow('found UTF-16 (little endian)');
    await writeFile(passwordFile, '\n');
    await expect(config.auth?.readPassword()).rejects.toMatchObject({ fault: 'configuration' });
  });
});
