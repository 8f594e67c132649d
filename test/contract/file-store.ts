// What every FileStore does, whatever is behind it: run against a real NameNode and DataNode and against the one in
// memory, so that what is tested on the one in memory holds for the other.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compareBytes } from '../../connections/hdfs/byte-order.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { expandGlob } from '../../connections/hdfs/glob/glob.ts';
import { faultOf, namesOf, registerNameTests } from './file-store-names.ts';

export interface FileStoreUnderTest {
  store: FileStore;
  /** A directory that exists, below which the tests may do what they like; removed by `dispose`. */
  root: string;
  dispose: () => Promise<void>;
}

const text = (value: string): Buffer => Buffer.from(value);

export function registerFileStoreTests(name: string, open: () => Promise<FileStoreUnderTest>): void {
  describe(`${name} as a FileStore`, () => {
    let opened: FileStoreUnderTest;
    let store: FileStore;
    let at: string;
    let test = 0;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());
    beforeEach(async () => {
      at = `${opened.root}/${(test += 1)}`;
      await store.makeDirectory(at);
    });

    const read = async (path: string): Promise<string> => {
      const status = await store.status(path);
      return Buffer.from(await store.read(path, 0, status!.length)).toString();
    };

    describe('rights', () => {
      it('are those that are asked for, of a folder, of what is made on the way to it, and of a file', async () => {
        await store.makeDirectory(`${at}/own/below`, undefined, '700');
        await store.write(`${at}/own/below/file`, [text('x')], { rights: '600' });
        const rights = async (path: string) => (await store.status(`${at}/${path}`))?.rights;
        expect([await rights('own/below'), await rights('own/below/file')]).toEqual(['700', '600']);
        expect(await rights('own')).toMatch(/^7[0-7]0$/);
      });

      it('stay with a file that is renamed', async () => {
        await store.write(`${at}/file`, [text('x')], { rights: '600' });
        await store.rename(`${at}/file`, `${at}/other`);
        expect((await store.status(`${at}/other`))?.rights).toBe('600');
      });

      it('are the server’s where nothing is asked for', async () => {
        await store.makeDirectory(`${at}/folder`);
        await store.write(`${at}/file`, [text('x')]);
        expect((await store.status(`${at}/folder`))?.rights).toBe('755');
        expect((await store.status(`${at}/file`))?.rights).toBe('644');
      });
    });

    it('knows the home directory of its user', async () => {
      expect(await store.homeDirectory()).toMatch(/^\/user\/\w+$/);
    });

    describe('statuses', () => {
      it('are those of the files of a folder that are there, by their names', async () => {
        const names = ['a.avro', 'b.avro', 'c.avro', 'd e.avro', 'é.avro', 'f.avro'];
        for (const [index, name] of names.entries()) await store.write(`${at}/${name}`, [text('x'.repeat(index))]);
        await store.makeDirectory(`${at}/c.folder`);
        for (const wanted of [names, names.slice(1, 5), names.slice(0, 2), ['x', ...names, 'c.folder', 'bb'], ['y']]) {
          const found = await store.statuses(at, wanted);
          const each = await Promise.all(wanted.map(async (name) => [name, await store.status(`${at}/${name}`)]));
          expect(Object.fromEntries(found)).toEqual(
            Object.fromEntries(each.filter(([, status]) => status !== undefined)),
          );
        }
      });

      it('are none where the folder is gone', async () => {
        expect(await store.statuses(`${at}/gone`, ['a', 'b', 'c', 'd', 'e'])).toEqual(new Map());
      });
    });

    describe('status', () => {
      it('tells of the room at a path that is not there yet, in whole bytes or not at all', async () => {
        const { replication = 1, free = 0, quota } = await store.space(`${at}/not/yet`);
        expect(replication).toBeGreaterThan(0);
        expect(free).toBeGreaterThanOrEqual(0);
        expect(quota).toBeUndefined();
      });

      it('tells no quotas where none are set', async () => {
        await store.makeDirectory(`${at}/folder`);
        expect(await store.quotasOn(`${at}/folder`)).toEqual({});
      });

      it('tells a file that is still being written from one that is whole', async () => {
        let meanwhile: boolean | undefined;
        async function* slowly(): AsyncGenerator<Uint8Array> {
          yield text('the first line\n');
          // A server makes the file when it has met the first bytes.
          while (meanwhile === undefined) {
            meanwhile = await store.isBeingWritten(`${at}/file`);
            yield text('another line\n');
          }
        }
        await store.write(`${at}/file`, slowly());
        expect(meanwhile).toBe(true);
        expect(await store.isBeingWritten(`${at}/file`)).toBe(false);
        expect(await store.isBeingWritten(`${at}/none`)).toBeUndefined();
        await store.write(`${at}/empty`, []);
        expect(await store.isBeingWritten(`${at}/empty`)).toBe(false);
      });

      it('gives nothing for a path where nothing is', async () => {
        expect(await store.status(`${at}/none`)).toBeUndefined();
        expect(await store.status(`${at}/none/below`)).toBeUndefined();
      });

      it('tells files from directories, with length and time', async () => {
        const before = Date.now() - 60_000;
        await store.write(`${at}/file`, [text('hello')]);
        const file = await store.status(`${at}/file`);
        expect(file).toMatchObject({ path: `${at}/file`, kind: 'file', length: 5 });
        expect(file!.modifiedAt).toBeGreaterThan(before);
        expect(await store.status(at)).toMatchObject({ path: at, kind: 'directory', length: 0 });
        expect(await store.status('/')).toMatchObject({ path: '/', kind: 'directory' });
      });

      it('takes several slashes for one, and none at the end into account', async () => {
        await store.write(`${at}/file`, [text('x')]);
        expect((await store.status(`${at}//file/`))?.path).toBe(`${at}/file`);
      });

      it.each(['relative/path', '', '/a/../b', '/a/./b', '/nul\0', '/half\ud800'])(
        'refuses %j, which is no path',
        async (path) => {
          await expect(store.status(path)).rejects.toEqual(faultOf('refused'));
        },
      );
    });

    describe('write and read', () => {
      it('gives back what was written, and any range of it', async () => {
        const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
        const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1, 70_000), bytes.subarray(70_000)];
        expect(await store.write(`${at}/file`, chunks)).toBe(bytes.length);
        expect(bytes.equals(await store.read(`${at}/file`, 0, bytes.length))).toBe(true);
        expect(Buffer.from(await store.read(`${at}/file`, 99_990, 10))).toEqual(bytes.subarray(99_990));
        expect(Buffer.from(await store.read(`${at}/file`, 12_345, 1))).toEqual(bytes.subarray(12_345, 12_346));
      });

      it('gives a range in memory that it was lent, or in its own', async () => {
        const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
        await store.write(`${at}/file`, [bytes]);
        for (const lent of [Buffer.alloc(80_000, 255), Buffer.alloc(70_000, 255), Buffer.alloc(10)]) {
          const read = await store.read(`${at}/file`, 20_000, 70_000, undefined, lent);
          expect(Buffer.from(read)).toEqual(bytes.subarray(20_000, 90_000));
          // Nothing beside the range is touched.
          expect(lent.subarray(70_000).every((byte) => byte === 255)).toBe(true);
        }
      });

      it('writes an empty file', async () => {
        expect(await store.write(`${at}/empty`, [])).toBe(0);
        expect(await store.status(`${at}/empty`)).toMatchObject({ kind: 'file', length: 0 });
        expect(await store.read(`${at}/empty`, 0, 0)).toHaveLength(0);
      });

      it('takes chunks that come one after another, and makes the directories above', async () => {
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          for (const part of ['a', 'b', 'c']) yield text(part);
        };
        expect(await store.write(`${at}/x/y/z`, chunks())).toBe(3);
        expect(await read(`${at}/x/y/z`)).toBe('abc');
      });

      it('leaves an existing file alone unless it is told to overwrite', async () => {
        await store.write(`${at}/file`, [text('first')]);
        await expect(store.write(`${at}/file`, [text('second')])).rejects.toEqual(faultOf('exists'));
        expect(await read(`${at}/file`)).toBe('first');
        await store.write(`${at}/file`, [text('third')], { overwrite: true });
        expect(await read(`${at}/file`)).toBe('third');
      });

      it('never overwrites a directory', async () => {
        await expect(store.write(at, [text('x')], { overwrite: true })).rejects.toEqual(faultOf('exists'));
      });

      it('throws what the source throws', async () => {
        const failure = new Error('the source broke');
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          yield text('some');
          throw failure;
        };
        await expect(store.write(`${at}/file`, chunks())).rejects.toBe(failure);
      });

      it('throws the reason of an abort in mid write, and ends the source', async () => {
        const controller = new AbortController();
        const reason = new Error('enough');
        let ended = false;
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          try {
            for (;;) {
              yield Buffer.alloc(1024);
              controller.abort(reason);
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
          } finally {
            ended = true;
          }
        };
        await expect(store.write(`${at}/file`, chunks(), { signal: controller.signal })).rejects.toBe(reason);
        await expect.poll(() => ended).toBe(true);
      });

      it('says truncated of a range that reaches past the end, or lies beyond it', async () => {
        await store.write(`${at}/file`, [text('hello')]);
        const short = expect.objectContaining({
          fault: 'truncated',
          facts: expect.objectContaining({ path: `${at}/file`, position: 3, expected: 3, got: 2 }) as unknown,
        }) as unknown;
        await expect(store.read(`${at}/file`, 3, 3)).rejects.toEqual(short);
        await expect(store.read(`${at}/file`, 100, 1)).rejects.toEqual(faultOf('truncated'));
      });

      it('says not-found of a file that is not there', async () => {
        await expect(store.read(`${at}/none`, 0, 1)).rejects.toEqual(faultOf('not-found'));
      });

      it('refuses a range that is none', async () => {
        await expect(store.read(`${at}/file`, -1, 1)).rejects.toThrow(RangeError);
        await expect(store.read(`${at}/file`, 0, 0.5)).rejects.toThrow(RangeError);
      });
    });

    describe('list', () => {
      it('gives nothing of an empty directory', async () => {
        expect(await namesOf(store.list(at))).toEqual([]);
      });

      it('gives files and directories in byte order of their names', async () => {
        const names = [
          'b',
          'a',
          'B',
          'é',
          'aé',
          'a-',
          'ab',
          'z',
          '日本',
          '日',
          '日a',
          '\uffee',
          '\u{1F600}',
          '10',
          '9',
          'a☃b',
          'a☃é',
        ];
        for (const entry of names) await store.write(`${at}/${entry}`, [text(entry)]);
        await store.makeDirectory(`${at}/d`);
        const expected = [...names, 'd'].sort((a, b) => Buffer.compare(text(a), text(b)));
        expect(await namesOf(store.list(at))).toEqual(expected);
        expect([...names, 'd'].sort(compareBytes)).toEqual(expected);
        const kinds = new Map<string, string>();
        for await (const { path, kind } of store.list(at)) kinds.set(path, kind);
        expect(kinds.get(`${at}/d`)).toBe('directory');
        expect(kinds.get(`${at}/é`)).toBe('file');
      });

      it('says not-found of what is not there, and refuses a file', async () => {
        await expect(namesOf(store.list(`${at}/none`))).rejects.toEqual(faultOf('not-found'));
        await store.write(`${at}/file`, []);
        await expect(namesOf(store.list(`${at}/file`))).rejects.toEqual(faultOf('refused'));
      });
    });

    describe('rename', () => {
      it('moves a file, with its length and modification time', async () => {
        await store.write(`${at}/from`, [text('x')]);
        const before = await store.status(`${at}/from`);
        expect(await store.rename(`${at}/from`, `${at}/to`)).toBe(true);
        expect(await store.status(`${at}/from`)).toBeUndefined();
        expect(await store.status(`${at}/to`)).toEqual({ ...before, path: `${at}/to` });
      });

      it('moves a directory with all below', async () => {
        await store.write(`${at}/from/a/b`, [text('x')]);
        expect(await store.rename(`${at}/from`, `${at}/to`)).toBe(true);
        expect(await read(`${at}/to/a/b`)).toBe('x');
      });

      it('does nothing where the target is a file, or a directory', async () => {
        await store.write(`${at}/from`, [text('ours')]);
        await store.write(`${at}/to`, [text('theirs')]);
        await store.makeDirectory(`${at}/directory`);
        expect(await store.rename(`${at}/from`, `${at}/to`)).toBe(false);
        expect(await store.rename(`${at}/from`, `${at}/directory`)).toBe(false);
        expect(await read(`${at}/from`)).toBe('ours');
        expect(await read(`${at}/to`)).toBe('theirs');
        expect(await namesOf(store.list(`${at}/directory`))).toEqual([]);
      });

      it('gives false where the source is gone, and says not-found where the target has no directory', async () => {
        expect(await store.rename(`${at}/none`, `${at}/to`)).toBe(false);
        await store.write(`${at}/from`, [text('x')]);
        await expect(store.rename(`${at}/from`, `${at}/none/to`)).rejects.toEqual(faultOf('not-found'));
        expect(await read(`${at}/from`)).toBe('x');
      });

      it('lets one of several win', async () => {
        const sources = ['a', 'b', 'c', 'd'];
        for (const source of sources) await store.write(`${at}/${source}`, [text(source)]);
        const won = await Promise.all(sources.map((source) => store.rename(`${at}/${source}`, `${at}/to`)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await read(`${at}/to`)).toBe(sources[won.indexOf(true)]);
      });
    });

    describe('delete and makeDirectory', () => {
      it('deletes a file once', async () => {
        await store.write(`${at}/file`, []);
        expect(await store.delete(`${at}/file`)).toBe(true);
        expect(await store.delete(`${at}/file`)).toBe(false);
      });

      it('deletes a directory that holds something only if told to', async () => {
        await store.write(`${at}/d/file`, []);
        await expect(store.delete(`${at}/d`)).rejects.toEqual(faultOf('refused'));
        expect(await store.status(`${at}/d/file`)).toBeDefined();
        expect(await store.delete(`${at}/d`, { recursive: true })).toBe(true);
        expect(await store.status(`${at}/d`)).toBeUndefined();
      });

      it('makes a directory with its parents, and again', async () => {
        await store.makeDirectory(`${at}/a/b/c`);
        await store.makeDirectory(`${at}/a/b/c`);
        expect(await store.status(`${at}/a/b/c`)).toMatchObject({ kind: 'directory' });
      });

      it('never puts a directory in the place of a file, nor below one', async () => {
        await store.write(`${at}/file`, []);
        await expect(store.makeDirectory(`${at}/file`)).rejects.toEqual(faultOf('exists'));
        await expect(store.makeDirectory(`${at}/file/below`)).rejects.toEqual(faultOf('refused'));
      });
    });

    registerNameTests(() => ({ store, at }));

    it('throws the reason of a signal that is aborted already, whatever is asked', async () => {
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);
      await store.write(`${at}/file`, [text('x')]);
      await expect(store.status(at, signal)).rejects.toBe(reason);
      await expect(namesOf(store.list(at, signal))).rejects.toBe(reason);
      await expect(store.read(`${at}/file`, 0, 1, signal)).rejects.toBe(reason);
      await expect(store.write(`${at}/new`, [], { signal })).rejects.toBe(reason);
      await expect(store.rename(`${at}/file`, `${at}/b`, signal)).rejects.toBe(reason);
      await expect(store.delete(`${at}/file`, { signal })).rejects.toBe(reason);
      await expect(store.makeDirectory(`${at}/d`, signal)).rejects.toBe(reason);
      expect(await namesOf(store.list(at))).toEqual(['file']);
    });

    it('is walked by a glob in byte order of paths', async () => {
      for (const path of ['a/x', 'a-b/x', 'a/y/x', 'é/x', 'b/x']) await store.write(`${at}/${path}`, []);
      const found: string[] = [];
      for await (const { path } of expandGlob(store, `${at}/{*,*/y}/x`)) found.push(path.slice(at.length + 1));
      expect(found).toEqual(['a-b/x', 'a/x', 'a/y/x', 'b/x', 'é/x']);
    });

    it('tells that a directory may be written to, and of one that is not there that it is not', async () => {
      expect(await store.mayWriteTo(at)).not.toBe(false);
      await expect(store.mayWriteTo(`${at}/none`)).rejects.toEqual(faultOf('not-found'));
    });

    it('describes itself without credentials', () => {
      expect(store.describe()).not.toContain('user.name');
    });
  });
}
