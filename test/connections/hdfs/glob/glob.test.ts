// Patterns mean what they mean to Hadoop's FileSystem.globStatus; each path comes once, in byte order.
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import type { FileStatus, FileStore } from '../../../../connections/hdfs/file-store.ts';
import { expandGlob, nearestExisting } from '../../../../connections/hdfs/glob/glob.ts';
import { globAlternatives } from '../../../../connections/hdfs/glob/glob-alternatives.ts';
import { parseGlobSegment } from '../../../../connections/hdfs/glob/glob-segment.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const refused = expect.objectContaining({ name: 'ConnectionError', fault: 'refused' }) as unknown;

const storeWith = async (...files: string[]): Promise<FileStore> => {
  const store = new MemoryFileStore();
  for (const file of files) await store.write(file, []);
  return store;
};

/** The same store with a listing of the test's own. */
const withList = (inner: FileStore, list: FileStore['list']): FileStore => ({
  status: (path) => inner.status(path),
  statuses: (folder, names) => inner.statuses(folder, names),
  list,
  read: (path, position, length) => inner.read(path, position, length),
  write: (path, chunks) => inner.write(path, chunks),
  rename: (from, to) => inner.rename(from, to),
  delete: (path) => inner.delete(path),
  isBeingWritten: (path) => inner.isBeingWritten(path),
  makeDirectory: (path) => inner.makeDirectory(path),
  mayWriteTo: (path) => inner.mayWriteTo(path),
  quotasOn: (path) => inner.quotasOn(path),
  homeDirectory: () => inner.homeDirectory(),
  space: (path) => inner.space(path),
  describe: () => inner.describe(),
  close: () => inner.close(),
});

const pathsOf = async (store: FileStore, pattern: string): Promise<string[]> => {
  const paths: string[] = [];
  for await (const { path } of expandGlob(store, pattern)) paths.push(path);
  return paths;
};

describe('a segment', () => {
  it.each([
    ['*', ['', 'a', '.hidden', '_tmp', 'ab', 'é', 'a\nb'], []],
    ['a*', ['a', 'ab', 'a.avro'], ['b', 'ba', '']],
    ['*.avro', ['.avro', 'x.avro', 'x.y.avro'], ['xavro', 'x.avro2']],
    ['?', ['a', 'é', '\u{1F600}', '.'], ['', 'ab']],
    ['a?c', ['abc', 'a.c'], ['ac', 'abbc']],
    ['[abc]', ['a', 'b', 'c'], ['d', 'ab', '']],
    ['[a-c]x', ['ax', 'bx', 'cx'], ['dx', '-x']],
    ['[^a-c]', ['d', '-', 'é'], ['a', 'c', '']],
    ['[!a-c]', ['d', '!'], ['a', 'c']],
    ['[]a]', [']', 'a'], ['b', '[]']],
    ['[a-]', ['a', '-'], ['b']],
    ['[\\]\\-]', [']', '-'], ['\\', 'a']],
    ['[\\a-\\c]', ['a', 'b', 'c'], ['\\', '-']],
    ['[.*?{]', ['.', '*', '?', '{'], ['a']],
    ['{a,b}', ['a', 'b'], ['c', 'ab', 'a,b']],
    ['x{a,b{c,d}e,}y', ['xay', 'xbcey', 'xbdey', 'xy'], ['xbey', 'xby']],
    ['{*.avro,part-?}', ['x.avro', 'part-0'], ['part-10', 'x.txt']],
    ['{,a}', ['', 'a'], ['b']],
    ['{[a,b],c}', ['a', ',', 'b', 'c'], ['[a']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\{b\\,c\\}', ['a{b,c}'], ['ab']],
    ['a,b}', ['a,b}'], ['a', 'b']],
    ['a.b$(c)|^+!', ['a.b$(c)|^+!'], ['aXb$(c)|^+!']],
    ['{a\\,b,c}', ['a,b', 'c'], ['a', 'b']],
  ])('%j matches what Hadoop says', (pattern, matching, others) => {
    const segment = parseGlobSegment(pattern);
    for (const name of matching) expect(segment.matches(name), name).toBe(true);
    for (const name of others) expect(segment.matches(name), name).toBe(false);
  });

  it('is a plain name where it has no wildcard, escapes taken away', () => {
    expect(parseGlobSegment('a\\*b,c}').literal).toBe('a*b,c}');
    for (const pattern of ['*', '?', '[a]', '{a,b}', '{a}']) expect(parseGlobSegment(pattern).literal).toBeUndefined();
  });

  it.each(['[', '[a', '[a-', '{a', '{a,{b}', 'a\\', '[b-a]', '[a[b]', '[]', '[^]'])('refuses %j', (pattern) => {
    expect(() => parseGlobSegment(pattern)).toThrow(refused);
  });

  it('takes no longer for a pattern made to take long', () => {
    expect(parseGlobSegment(`${'{a,a}*'.repeat(60)}b`).matches('a'.repeat(255))).toBe(false);
  });
});

describe('globAlternatives', () => {
  it.each([
    ['/a/b', ['/a/b']],
    ['/{a/b}', ['/a/b']],
    ['/}{a/b}', ['/}a/b']],
    ['/p{a/b,c/d}s', ['/pa/bs', '/pc/ds']],
    ['{/a/b,/c/d,/{e,f}}', ['/a/b', '/c/d', '/{e,f}']],
    ['/{a/b,c/d}{e,f}', ['/a/b{e,f}', '/c/d{e,f}']],
    ['/{a,b}/{b,{c/d,e/f}}', ['/{a,b}/b', '/{a,b}/c/d', '/{a,b}/e/f']],
    ['/{a/\\*,b}', ['/a/\\*', '/b']],
    ['/\\{a/b,c\\}', ['/\\{a/b,c\\}']],
    ['/{a,b', ['/{a,b']],
  ])('takes %j apart', (pattern, expected) => {
    expect(globAlternatives(pattern)).toEqual(expected);
  });

  it('refuses groups that multiply without end', () => {
    expect(() => globAlternatives(`/${'{a/b,c/d}'.repeat(30)}`)).toThrow(refused);
  });
});

describe('expandGlob', () => {
  it('gives the one path of a pattern without wildcards, or nothing', async () => {
    const store = await storeWith('/a/b.avro');
    expect(await pathsOf(store, '/a/b.avro')).toEqual(['/a/b.avro']);
    expect(await pathsOf(store, '/a//b.avro/')).toEqual(['/a/b.avro']);
    expect(await pathsOf(store, '/a')).toEqual(['/a']);
    expect(await pathsOf(store, '/a/c')).toEqual([]);
    expect(await pathsOf(store, '/')).toEqual(['/']);
  });

  it('finds the folders and files of an archive', async () => {
    const day = '/camus/dest/orders/hourly/2014/11';
    const store = await storeWith(
      `${day}/02/01/x.avro`,
      `${day}/02/02/y.avro`,
      `${day}/03/01/z.avro`,
      `${day}/03/01/z.txt`,
    );
    expect(await pathsOf(store, `${day}/*/*/*.avro`)).toEqual([
      `${day}/02/01/x.avro`,
      `${day}/02/02/y.avro`,
      `${day}/03/01/z.avro`,
    ]);
    expect(await pathsOf(store, `${day}/{02/02,03/0?}`)).toEqual([`${day}/02/02`, `${day}/03/01`]);
    expect(await pathsOf(store, `${day}/0[^2]`)).toEqual([`${day}/03`]);
  });

  it('does not look below files', async () => {
    expect(await pathsOf(await storeWith('/a', '/b/x'), '/*/*')).toEqual(['/b/x']);
  });

  it('gives each path once, however often it matches', async () => {
    const store = await storeWith('/a/x', '/b/x');
    expect(await pathsOf(store, '/{a/x,*/x,a/*,a/x}')).toEqual(['/a/x', '/b/x']);
  });

  it('gives paths in byte order, where a slash comes after - and before 0', async () => {
    const files = ['/a/x', '/a-b/x', '/a!/x', '/a!-/x', '/a0/x', '/aé/x', '/é/x', '/b/x', '/a-/x'];
    const store = await storeWith(...files);
    const expected = [...files].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await pathsOf(store, '/*/x')).toEqual(expected);
    expect((await pathsOf(store, '/{*,*/x}')).filter((path) => path.endsWith('/x'))).toEqual(expected);
    const all = await pathsOf(store, '/{*,*/x}');
    expect(all).toEqual([...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(all).toHaveLength(18);
  });

  it('lists only where a wildcard asks for it, and asks for names that are not listed', async () => {
    const inner = await storeWith('/a/b/c', '/a/.snapshot/c');
    const listed: string[] = [];
    const store = withList(inner, async function* (path): AsyncGenerator<FileStatus> {
      listed.push(path);
      for await (const entry of inner.list(path)) if (!entry.path.endsWith('.snapshot')) yield entry;
    });
    expect(await pathsOf(store, '/a/b/*')).toEqual(['/a/b/c']);
    expect(listed).toEqual(['/a/b']);
    expect(await pathsOf(store, '/a/{.snapshot/c,*/c}')).toEqual(['/a/.snapshot/c', '/a/b/c']);
  });

  it('passes over a directory that vanished, and says changed of one that vanished half-way', async () => {
    const inner = await storeWith('/a/x', '/b/x');
    let after = 0;
    const store = withList(inner, async function* (path): AsyncGenerator<FileStatus> {
      if (path !== '/a') return void (yield* inner.list(path));
      for await (const entry of inner.list(path)) if (after > 0) yield entry;
      throw new ConnectionError('not-found', 'gone');
    });
    expect(await pathsOf(store, '/*/*')).toEqual(['/b/x']);
    after = 1;
    await expect(pathsOf(store, '/*/*')).rejects.toMatchObject({ fault: 'changed' });
  });

  it('refuses a relative or broken pattern before anything is listed', () => {
    const store = new MemoryFileStore();
    for (const pattern of ['a/*', '', '/a/[', '{/a,b/c}', `/${'a'.repeat(9_000)}`])
      expect(() => expandGlob(store, pattern)).toThrow(refused);
  });
});

describe('nearestExisting', () => {
  it('gives the longest beginning that is there', async () => {
    const store = await storeWith('/a/b/c', '/x*y/z');
    expect(await nearestExisting(store, '/a/b/none/deeper')).toBe('/a/b');
    expect(await nearestExisting(store, '/a/b/c')).toBe('/a/b/c');
    expect(await nearestExisting(store, '/none')).toBe('/');
    expect(await nearestExisting(store, '/a/*/none')).toBe('/a');
    expect(await nearestExisting(store, '/x\\*y/none')).toBe('/x*y');
    expect(await nearestExisting(store, '/')).toBe('/');
  });
});
