// A delegation token comes from a file that others renew: it is read again when it changes, survives a moment without
// it, is understood in both forms that Hadoop's tools write, and never shows in a message.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCredentials } from '../../../../connections/hdfs/http/credentials.ts';
import { parseTokenFile } from '../../../../connections/hdfs/http/token-file.ts';

const TOKEN = 'KAAGcmV3aW5kBnJld2luZACKAY_secret-token';

const temporaryFile = async (content: string | Buffer): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'token-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'token');
  await writeFile(file, content);
  return file;
};

/** Hadoop's `WritableUtils.writeVInt`, for lengths. */
const vint = (value: number): Buffer =>
  value <= 127
    ? Buffer.from([value])
    : value <= 255
      ? Buffer.from([0x8f, value])
      : Buffer.from([0x8e, value >> 8, value & 255]);
const block = (value: string | Buffer): Buffer =>
  Buffer.concat([vint(Buffer.from(value as string).length), Buffer.from(value as string)]);
const tokenOf = (kind: string, identifier: Buffer): Buffer =>
  Buffer.concat([block(identifier), block('password'), block(kind), block('127.0.0.1:8020')]);
const storage = (...tokens: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('HDTS\0'),
    vint(tokens.length),
    ...tokens.flatMap((token, index) => [block(`alias${index}`), token]),
    vint(0),
  ]);

describe('parseTokenFile', () => {
  it('takes the text of a token, with or without a newline', () => {
    expect(parseTokenFile(Buffer.from(TOKEN), 'f')).toBe(TOKEN);
    expect(parseTokenFile(Buffer.from(`${TOKEN}\r\n`), 'f')).toBe(TOKEN);
    expect(parseTokenFile(Buffer.from(`\ufeff${TOKEN}\r\n`), 'f')).toBe(TOKEN);
  });

  it.each(['HDFS_DELEGATION_TOKEN', 'WEBHDFS delegation', 'SWEBHDFS delegation'])(
    'takes a token of kind %s out of a file of fetchdt, among others',
    (kind) => {
      for (const size of [0, 1, 127, 128, 255, 256, 300]) {
        const token = tokenOf(kind, Buffer.alloc(size, 1));
        const file = storage(tokenOf('YARN_AM_RM_TOKEN', Buffer.from('x')), token);
        expect(parseTokenFile(file, 'f')).toBe(token.toString('base64url'));
      }
    },
  );

  it.each([
    ['an empty file', Buffer.from('\n'), 'empty'],
    ['something else', Buffer.from('{"secret": "hunter2hunter2hunter2"}'), 'neither'],
    ['token storage of another version', Buffer.from('HDTS\x01hunter2'), 'version 1'],
    ['token storage without such a token', storage(tokenOf('other', Buffer.from('hunter2'))), 'no token of the kinds'],
    [
      'token storage that is cut',
      storage(tokenOf('HDFS_DELEGATION_TOKEN', Buffer.from('hunter2'))).subarray(0, 20),
      'ends too early',
    ],
    ['token storage with a negative length', Buffer.from('HDTS\0\x01\xffhunter2', 'latin1'), 'ends too early'],
  ])('refuses %s without showing it', (_, bytes, reason) => {
    const parse = (): string => parseTokenFile(bytes, '/run/token');
    expect(parse).toThrow(reason);
    expect(parse).toThrow('/run/token');
    expect(parse).not.toThrow('hunter2');
  });
});

describe('openCredentials', () => {
  it('sends a user, or nobody', async () => {
    expect(await openCredentials({ user: 'anne' }).query()).toEqual({ 'user.name': 'anne' });
    expect(await openCredentials({}).query()).toEqual({});
  });

  it('sends a token without a user, and reads it again when the file has changed', async () => {
    const file = await temporaryFile(TOKEN);
    const credentials = openCredentials({ delegationTokenFile: file });
    expect(await credentials.query()).toEqual({ delegation: TOKEN });
    await writeFile(file, `${TOKEN}-renewed`);
    expect(await credentials.query()).toEqual({ delegation: `${TOKEN}-renewed` });
  });

  it('goes on with the token that it has while the file is away or half written', async () => {
    const file = await temporaryFile(TOKEN);
    const credentials = openCredentials({ delegationTokenFile: file });
    await credentials.query();
    await writeFile(file, '');
    expect(await credentials.query()).toEqual({ delegation: TOKEN });
    await rm(file);
    expect(await credentials.query()).toEqual({ delegation: TOKEN });
    await writeFile(file, `${TOKEN}2`);
    expect(await credentials.query()).toEqual({ delegation: `${TOKEN}2` });
  });

  it('says which file it cannot read', async () => {
    await expect(openCredentials({ delegationTokenFile: '/none/token' }).query()).rejects.toMatchObject({
      fault: 'configuration',
      message: expect.stringContaining('/none/token') as string,
    });
  });

  it('takes tokens out of texts', async () => {
    const credentials = openCredentials({ delegationTokenFile: await temporaryFile(TOKEN) });
    await credentials.query();
    expect(credentials.redact(`bad ${TOKEN} at /x?op=OPEN&delegation=abc&offset=0`)).toBe(
      'bad <token> at /x?op=OPEN&delegation=<token>&offset=0',
    );
  });
});
