// Directories come page by page where the NameNode can, at once where it can't, and always in byte order.
import { describe, expect, it } from 'vitest';
import type { FileStore } from '../../../../connections/hdfs/file-store.ts';
import type { Handler } from '../fake-server.ts';
import { fakeServer, json, openStore, remoteException } from '../fake-server.ts';

const NAMES = ['é', 'a', 'aé', 'ab', 'b', 'b c+d', 'z'];
const entry = (pathSuffix: string): Record<string, unknown> => ({
  pathSuffix,
  type: 'FILE',
  length: 1,
  modificationTime: 5,
});
const statuses = (names: string[]): Record<string, unknown> => ({ FileStatuses: { FileStatus: names.map(entry) } });

/** Pages of two, after the name given. */
const paged: Handler = ({ op, query }, response) => {
  if (op !== 'LISTSTATUS_BATCH') return remoteException(response, 'UnsupportedOperationException', op, 400);
  const after = query.get('startAfter');
  const rest = after === null ? NAMES : NAMES.slice(NAMES.indexOf(after) + 1);
  const remainingEntries = Math.max(0, rest.length - 2);
  json(response, { DirectoryListing: { partialListing: statuses(rest.slice(0, 2)), remainingEntries } });
};

const namesOf = async (store: FileStore): Promise<string[]> => {
  const names: string[] = [];
  for await (const { path } of store.list('/d')) names.push(path.slice(3));
  return names;
};
const ORDERED = ['a', 'ab', 'aé', 'b', 'b c+d', 'z', 'é'];

describe('a listing', () => {
  it('goes on after the last name of each page', async () => {
    const server = await fakeServer(paged);
    expect(await namesOf(openStore([server.url]))).toEqual(ORDERED);
    expect(
      server.requests.map((request) => new URL(request.slice(4), 'http://x').searchParams.get('startAfter')),
    ).toEqual([null, 'a', 'ab', 'b c+d']);
    expect(server.requests[3]).toContain('startAfter=b%20c%2Bd');
  });

  it('asks for a page only when it is needed', async () => {
    const server = await fakeServer(paged);
    for await (const { path } of openStore([server.url]).list('/d')) {
      expect(path).toBe('/d/a');
      break;
    }
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Handler]>([
    [
      'as Hadoop 2 says it',
      (_, response) =>
        remoteException(
          response,
          'IllegalArgumentException',
          'Invalid value for webhdfs parameter "op": No enum constant',
          400,
        ),
    ],
    ['as HttpFS says it', (_, response) => remoteException(response, 'UnsupportedOperationException', 'no', 500)],
    ['without a word', (_, response) => void response.writeHead(400).end()],
  ])('takes all at once where the server knows no pages, %s, and asks for none again', async (_, unknown) => {
    const server = await fakeServer((request, response) => {
      if (request.op === 'LISTSTATUS_BATCH') return unknown(request, response);
      json(response, statuses([...NAMES].reverse()));
    });
    const store = openStore([server.url]);
    expect(await namesOf(store)).toEqual(ORDERED);
    expect(await namesOf(store)).toEqual(ORDERED);
    expect(server.requests.map((request) => /op=(\w+)/.exec(request)![1])).toEqual([
      'LISTSTATUS_BATCH',
      'LISTSTATUS',
      'LISTSTATUS',
    ]);
  });

  it('says the reason of a server that refuses both', async () => {
    const server = await fakeServer((_, response) =>
      remoteException(response, 'IllegalArgumentException', 'Invalid path', 400),
    );
    await expect(namesOf(openStore([server.url]))).rejects.toMatchObject({ fault: 'refused' });
  });

  it('refuses an order in which something could be missed', async () => {
    const server = await fakeServer((_, response) =>
      json(response, { DirectoryListing: { partialListing: statuses(['b', 'a']), remainingEntries: 0 } }),
    );
    await expect(namesOf(openStore([server.url]))).rejects.toThrow(/'a' came after 'b'/);
  });

  it('refuses a file', async () => {
    const server = await fakeServer((_, response) =>
      json(response, { DirectoryListing: { partialListing: statuses(['']), remainingEntries: 0 } }),
    );
    await expect(namesOf(openStore([server.url]))).rejects.toThrow(/is a file/);
  });
});
