// Many files of one folder are looked at by few requests, and each is found whatever the pages show.
import { describe, expect, it } from 'vitest';
import type { FileStatus } from '../../../../connections/hdfs/file-store.ts';
import { compareBytes } from '../../../../connections/hdfs/byte-order.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import { statusesInFolder } from '../../../../connections/hdfs/operations/statuses-in-folder.ts';
import { fakeServer, json, openStore } from '../fake-server.ts';

const status = (name: string): FileStatus => ({ path: `/d/${name}`, kind: 'file', length: 1, modifiedAt: name.length });

/** A folder, and what was asked of it: entries that were listed, and looks. */
function folderOf(names: readonly string[], { pages = true, error }: { pages?: boolean; error?: Error } = {}) {
  const asked = { behind: [] as string[], listed: 0, looks: [] as string[] };
  const looks = {
    status: async (path: string): Promise<FileStatus | undefined> => {
      asked.looks.push(path.slice(3));
      return names.includes(path.slice(3)) ? status(path.slice(3)) : undefined;
    },
    async *listBehind(after: string): AsyncGenerator<FileStatus> {
      asked.behind.push(after);
      if (error !== undefined) throw error;
      for (const name of pages ? names.filter((each) => compareBytes(each, after) > 0) : []) {
        asked.listed += 1;
        yield status(name);
      }
    },
  };
  return { asked, look: (wanted: readonly string[]) => statusesInFolder(looks, '/d', wanted) };
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `f${String(from + index).padStart(6, '0')}`);

describe('files of one folder', () => {
  it('that stand side by side come with the listing alone, up to the last of them', async () => {
    const { asked, look } = folderOf(numbered(0, 5_000));
    const found = await look(numbered(1_000, 1_500).reverse());
    expect([...found.keys()].sort()).toEqual(numbered(1_000, 1_500));
    expect(found.get('f001234')).toEqual(status('f001234'));
    expect(asked).toEqual({ behind: ['f00100'], listed: 500, looks: [] });
  });

  it('that are few are looked at', async () => {
    const { asked, look } = folderOf(numbered(0, 10));
    expect([...(await look(numbered(1, 4))).keys()]).toEqual(numbered(1, 4));
    expect(asked).toEqual({ behind: [], listed: 0, looks: numbered(1, 4) });
  });

  it('that lie far from each other are looked at where the listing has cost enough', async () => {
    const all = numbered(0, 50_000);
    const { asked, look } = folderOf(all);
    const wanted = all.filter((_, index) => index % 1_000 === 0);
    expect([...(await look(wanted)).keys()].sort()).toEqual(wanted);
    expect(asked.listed).toBe(2_000);
    expect(asked.looks).toEqual(wanted.filter((name) => name >= 'f002000'));
  });

  it('are looked at where the listing does not show them: other orders, no pages, a folder that is no more', async () => {
    const names = ['a', 'b', 'c', 'dé'];
    for (const options of [{}, { pages: false }, { error: new ConnectionError('not-found', 'no folder') }]) {
      const { look } = folderOf(names, options);
      expect([...(await look([...names, 'x'])).keys()].sort()).toEqual(names);
    }
  });

  it('are not guessed at where the server is away', async () => {
    const { look } = folderOf(['a'], { error: new ConnectionError('unavailable', 'away') });
    await expect(look(['a', 'b', 'c', 'd'])).rejects.toThrow('away');
  });
});

it('a store asks for one page, behind a name before the first', async () => {
  const names = numbered(10, 20);
  const entry = (pathSuffix: string) => ({ pathSuffix, type: 'FILE', length: 1, modificationTime: 5 });
  const link = { ...entry('f0000105'), type: 'SYMLINK' };
  const server = await fakeServer((_, response) =>
    json(response, {
      DirectoryListing: {
        partialListing: { FileStatuses: { FileStatus: [entry('f00001'), link, ...names.map(entry)] } },
        remainingEntries: 7,
      },
    }),
  );
  const found = await openStore([server.url]).statuses('/d', names);
  expect([...found.values()].map(({ path }) => path)).toEqual(names.map((name) => `/d/${name}`));
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toContain('startAfter=f00001');
});
