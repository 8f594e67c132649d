// Several NameNodes are one: the active one is found and remembered, what can't serve is passed over, and what may
// have been done already is never done again. Every answer becomes the fault that says what to do.
import { describe, expect, it } from 'vitest';
import type { FakeServer, Handler } from '../fake-server.ts';
import { deadAddress, failureOf, fakeServer, fileStatus, json, openStore, remoteException } from '../fake-server.ts';

const active: Handler = ({ op }, response) =>
  op === 'GETFILESTATUS' ? json(response, fileStatus(5)) : json(response, { boolean: true });
const standby: Handler = (_, response) =>
  remoteException(response, 'StandbyException', 'Operation category READ is not supported in state standby');

describe('failover', () => {
  it.each<[string, Handler]>([
    ['is standby', standby],
    [
      'says to retry',
      (_, response) => remoteException(response, 'RetriableException', 'NameNode still not started', 503),
    ],
    ['is in safe mode', (_, response) => remoteException(response, 'SafeModeException')],
    [
      'hides a standby in another exception',
      (_, response) =>
        remoteException(
          response,
          'SecurityException',
          'Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: StandbyException',
        ),
    ],
    ['closes the connection', (_, response) => response.destroy()],
    ['never answers', () => {}],
    ['has trouble', (_, response) => void response.writeHead(503).end('<html>')],
  ])('goes past a NameNode that %s', async (_, handler) => {
    const first = await fakeServer(handler);
    const second = await fakeServer(active);
    const store = openStore([first.url, second.url], { timeouts: { answerMs: 500 } });
    expect(await store.status('/file')).toMatchObject({ length: 5 });
  });

  it('goes past one that refuses the connection, and remembers the active one', async () => {
    const second = await fakeServer(active);
    const third = await fakeServer(standby);
    const store = openStore([await deadAddress(), third.url, second.url]);
    for (let call = 0; call < 3; call++) await store.status('/file');
    expect(second.requests).toHaveLength(3);
    expect(third.requests).toHaveLength(1);
  });

  it('finds the active one again when they change places', async () => {
    let roles = [active, standby];
    const servers = await Promise.all(
      [0, 1].map((index) => fakeServer((request, response) => roles[index]!(request, response))),
    );
    const store = openStore(servers.map(({ url }) => url));
    await store.status('/file');
    roles = [standby, active];
    expect(await store.status('/file')).toBeDefined();
    roles = [active, standby];
    expect(await store.status('/file')).toBeDefined();
  });

  it('takes a denial from any of them as the answer', async () => {
    const first = await fakeServer((_, response) => remoteException(response, 'AccessControlException'));
    const second = await fakeServer(active);
    await expect(openStore([first.url, second.url]).status('/file')).rejects.toMatchObject({ fault: 'denied' });
    expect(second.requests).toEqual([]);
  });

  it('says of each why it did not serve', async () => {
    const dead = await deadAddress();
    const first = await fakeServer(standby);
    const error = await failureOf(openStore([dead, first.url], { attempts: 1 }).status('/file'));
    expect(error).toMatchObject({ fault: 'unavailable' });
    for (const part of [dead, 'refused', first.url, 'StandbyException', '/file']) expect(error.message).toContain(part);
  });

  it('tries reads up to the attempts configured', async () => {
    const server = await fakeServer(standby);
    await failureOf(openStore([server.url], { attempts: 2 }).status('/file'));
    expect(server.requests).toHaveLength(2);
  });
});

describe('an answer', () => {
  it.each<[string, number, string, string]>([
    ['AccessControlException', 403, 'Permission denied: user=anne', 'denied'],
    ['SecurityException', 401, 'no', 'denied'],
    ['InvalidToken', 403, 'token is expired', 'denied'],
    ['FileAlreadyExistsException', 403, 'is there', 'exists'],
    ['AlreadyBeingCreatedException', 403, 'is there', 'exists'],
    ['ParentNotDirectoryException', 403, 'is a file', 'refused'],
    ['PathIsNotEmptyDirectoryException', 403, 'is not empty', 'refused'],
    ['NSQuotaExceededException', 403, 'quota', 'refused'],
    ['FSLimitException$PathComponentTooLongException', 403, 'too long', 'refused'],
    ['IllegalArgumentException', 400, 'Invalid value', 'refused'],
    ['UnsupportedOperationException', 400, 'no', 'refused'],
    ['toString', 400, 'a class that is a method of every object', 'refused'],
    ['SafeModeException', 403, 'safe', 'unavailable'],
    // A DataNode whose own call of the NameNode broke.
    ['SocketException', 403, 'Call From vm to nn:8020 failed on socket exception: Connection reset', 'unavailable'],
    ['UnknownHostException', 403, 'Invalid host name: nn', 'unavailable'],
    ['ClosedChannelException', 403, '', 'unavailable'],
    ['ClosedByInterruptException', 403, '', 'unavailable'],
    ['InterruptedIOException', 403, 'Call interrupted', 'unavailable'],
    ['SomeNewException', 403, 'Call From dn/10.0.0.1 to nn:8020 failed on local exception: x', 'unavailable'],
    ['IOException', 403, 'could only be written to 0 of the 1 minReplication nodes', 'unavailable'],
    ['NullPointerException', 500, '', 'unavailable'],
    ['SomethingNewException', 403, '', 'refused'],
  ])('%s (%i, %j) is %s', async (exception, status, message, fault) => {
    const server = await fakeServer((_, response) => remoteException(response, exception, message, status));
    const error = await failureOf(openStore([server.url], { attempts: 1 }).makeDirectory('/a'));
    expect(error).toMatchObject({ fault, facts: { status, path: '/a' } });
    expect(error.message).toContain(message);
    expect(error.message).toContain('/a');
  });

  it('of FileNotFoundException is no file, and of any other 404 is no WebHDFS', async () => {
    const server = await fakeServer((_, response) => remoteException(response, 'FileNotFoundException', 'gone', 404));
    expect(await openStore([server.url]).status('/file')).toBeUndefined();
    const other = await fakeServer((_, response) => void response.writeHead(404).end('<html>Not Found</html>'));
    await expect(openStore([other.url]).status('/file')).rejects.toMatchObject({ fault: 'configuration' });
  });

  it.each<[string, Handler, string]>([
    ['401 without a reason', (_, response) => void response.writeHead(401).end(), 'denied'],
    ['403 of a proxy', (_, response) => void response.writeHead(403).end('<html>'), 'denied'],
    ['429', (_, response) => void response.writeHead(429).end(), 'unavailable'],
    [
      'a page with status 200',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'configuration',
    ],
    ['JSON of another kind', (_, response) => json(response, { ok: true }), 'refused'],
    ['nothing', (_, response) => void response.end(), 'refused'],
    ['a negative length', (_, response) => json(response, fileStatus(-1)), 'refused'],
    ['a symbolic link', (_, response) => json(response, fileStatus(0, { type: 'SYMLINK' })), 'refused'],
    [
      'a body that breaks off',
      (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
      'unavailable',
    ],
  ])('that is %s is told as what it is', async (_, handler, fault) => {
    const server = await fakeServer(handler);
    await expect(openStore([server.url], { attempts: 1 }).status('/file')).rejects.toMatchObject({ fault });
  });

  it('keeps the stack trace of a server out of the message', async () => {
    const server = await fakeServer((_, response) =>
      remoteException(response, 'AccessControlException', 'no\n\tat org.apache'),
    );
    expect((await failureOf(openStore([server.url]).status('/file'))).message).not.toContain('org.apache');
  });
});

describe('what changes something', () => {
  const changing = (server: FakeServer, op: string): number =>
    server.requests.filter((request) => request.includes(op)).length;

  it('goes on to the next NameNode where the first can not have done it', async () => {
    const first = await fakeServer(standby);
    const second = await fakeServer((request, response) =>
      request.op === 'GETFILESTATUS' && request.path === '/to'
        ? remoteException(response, 'FileNotFoundException', '', 404)
        : active(request, response),
    );
    const store = openStore([first.url, second.url, await deadAddress()]);
    expect(await store.delete('/file')).toBe(true);
    expect(await store.rename('/from', '/to')).toBe(true);
  });

  it('is tried again where nobody can have done it', async () => {
    let left = 2;
    const server = await fakeServer((request, response) =>
      left-- > 0 ? remoteException(response, 'RetriableException') : active(request, response),
    );
    expect(await openStore([server.url]).delete('/file')).toBe(true);
    expect(changing(server, 'op=DELETE')).toBe(3);
  });

  it('is not done again where the answer was lost: a delete is looked at', async () => {
    let there = true;
    const server = await fakeServer(({ op }, response) => {
      if (op === 'DELETE') {
        there = false;
        response.destroy();
      } else if (there) json(response, fileStatus(5));
      else remoteException(response, 'FileNotFoundException', '', 404);
    });
    expect(await openStore([server.url]).delete('/file')).toBe(true);
    expect(changing(server, 'op=DELETE')).toBe(1);
  });

  it('is not done at the next NameNode where the first may have done it', async () => {
    const first = await fakeServer(({ op }, response) =>
      op === 'DELETE' ? void response.destroy() : json(response, fileStatus(5)),
    );
    const second = await fakeServer(active);
    await failureOf(openStore([first.url, second.url]).delete('/file'));
    expect(changing(second, 'op=DELETE')).toBe(0);
  });

  it('says unavailable of a delete whose answer was lost and that was not done', async () => {
    const server = await fakeServer(({ op }, response) =>
      op === 'DELETE' ? void response.destroy() : json(response, fileStatus(5)),
    );
    await expect(openStore([server.url]).delete('/file')).rejects.toMatchObject({ fault: 'unavailable' });
    expect(changing(server, 'op=DELETE')).toBe(1);
  });
});

describe('a rename whose answer was lost', () => {
  type Files = Record<string, { fileId?: number } | undefined>;
  const setUp = async (
    before: Files,
    done: Files,
  ): Promise<{ server: FakeServer; renamed: () => Promise<boolean> }> => {
    let files = before;
    const server = await fakeServer(({ op, path, query }, response) => {
      if (op === 'RENAME') {
        expect(query.get('renameoptions')).toBe('NONE');
        files = done;
        return void response.destroy();
      }
      const file = files[path];
      if (file === undefined) return remoteException(response, 'FileNotFoundException', '', 404);
      json(response, fileStatus(5, { fileId: undefined, ...file }));
    });
    return { server, renamed: () => openStore([server.url]).rename('/from', '/to') };
  };

  it('was done where the same file is at the target', async () => {
    const { renamed, server } = await setUp({ '/from': { fileId: 7 } }, { '/to': { fileId: 7 } });
    expect(await renamed()).toBe(true);
    expect(server.requests.filter((request) => request.includes('op=RENAME'))).toHaveLength(1);
  });

  it('was done as far as a gateway can tell, which gives no file ids', async () => {
    const { renamed } = await setUp({ '/from': {} }, { '/to': {} });
    expect(await renamed()).toBe(true);
  });

  it('was not done where another file is at the target', async () => {
    const lost = await setUp({ '/from': { fileId: 7 } }, { '/from': { fileId: 7 }, '/to': { fileId: 8 } });
    expect(await lost.renamed()).toBe(false);
    const gone = await setUp({ '/from': { fileId: 7 } }, { '/to': { fileId: 8 } });
    expect(await gone.renamed()).toBe(false);
  });

  it('is unavailable where the file is where it was, or nowhere', async () => {
    const still = await setUp({ '/from': { fileId: 7 } }, { '/from': { fileId: 7 } });
    await expect(still.renamed()).rejects.toMatchObject({ fault: 'unavailable' });
    const nowhere = await setUp({ '/from': { fileId: 7 } }, {});
    await expect(nowhere.renamed()).rejects.toThrow(/neither path/);
  });
});

it('says unavailable, and does not hang, after it was closed', async () => {
  const server = await fakeServer(active);
  const store = openStore([server.url], { attempts: 1 });
  await store.status('/file');
  await store.close();
  await expect(store.status('/file')).rejects.toMatchObject({ fault: 'unavailable' });
});
