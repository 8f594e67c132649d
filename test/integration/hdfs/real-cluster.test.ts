// What only a real cluster shows: pages of a NameNode, names as they come from an archive, files of many megabytes,
// what a broken write leaves behind, denials, and a NameNode among several that is away.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { expandGlob, nearestExisting } from '../../../connections/hdfs/glob/glob.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import type { FileStoreUnderTest } from '../../contract/file-store.ts';
import { namesOf } from '../../contract/file-store-names.ts';
import { openHdfs } from './hdfs-under-test.ts';

const ODD_PATHS = fileURLToPath(new URL('../../fixtures/bad/paths/', import.meta.url));

let opened: FileStoreUnderTest;
let store: FileStore;
let root: string;
beforeAll(async () => {
  opened = await openHdfs();
  ({ store, root } = opened);
});
afterAll(() => opened.dispose());

describe('a real HDFS', () => {
  it('lists a directory of several pages, in byte order', async () => {
    const names = Array.from({ length: 2_100 }, (_, index) => (index % 7 === 0 ? `é${index}` : `${index}`));
    const pending = [...names];
    const work = async (): Promise<void> => {
      for (let name = pending.pop(); name !== undefined; name = pending.pop())
        await store.makeDirectory(`${root}/many/${name}`);
    };
    await Promise.all(Array.from({ length: 8 }, work));
    const expected = names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await namesOf(store.list(`${root}/many`))).toEqual(expected);
  });

  it('carries the odd names of an archive, and finds them by a glob', async () => {
    const files = (await readdir(ODD_PATHS, { recursive: true })).sort();
    const written: string[] = [];
    for (const file of files) {
      if (!(await stat(join(ODD_PATHS, file))).isFile()) continue;
      const bytes = await readFile(join(ODD_PATHS, file));
      const path = `${root}/odd/${file}`;
      await store.write(path, [bytes]);
      expect(bytes.equals(await store.read(path, 0, bytes.length))).toBe(true);
      written.push(path);
    }
    expect(written).toHaveLength(3);
    const found: string[] = [];
    for await (const { path } of expandGlob(store, `${root}/odd/camus/dest/*/hourly/*/*/*/*/*.avro`)) found.push(path);
    expect(found).toEqual(written.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(await nearestExisting(store, `${root}/odd/camus/dest/none/x`)).toBe(`${root}/odd/camus/dest`);
  });

  it('takes a file of several chunks and gives it back by ranges', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'abcdefghijk');
    const sent = createHash('sha256');
    const chunks = function* (): Generator<Uint8Array> {
      for (let index = 0; index < 20; index++) {
        chunk.writeUInt32BE(index, 0);
        sent.update(chunk);
        yield Buffer.from(chunk);
      }
    };
    const length = await store.write(`${root}/large`, chunks());
    const source = openFileSource(store, (await store.status(`${root}/large`))!);
    const got = createHash('sha256');
    for (let at = 0; at < length; at += 3_000_001) got.update(await source.read(at, Math.min(3_000_001, length - at)));
    await source.verify();
    expect(got.digest('hex')).toBe(sent.digest('hex'));
  });

  it('leaves a part of a file that looks whole where a write breaks: so lengths are checked', async () => {
    const broken = new Error('broken');
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw broken;
    };
    await expect(store.write(`${root}/part`, chunks())).rejects.toBe(broken);
    await expect
      .poll(async () => (await store.status(`${root}/part`))?.length, { timeout: 20_000 })
      .toBeLessThanOrEqual(100_000);
    expect(await store.delete(`${root}/part`)).toBe(true);
  });

  it('says changed of a file that was written again', async () => {
    await store.write(`${root}/again`, [Buffer.from('12345')]);
    const source = openFileSource(store, (await store.status(`${root}/again`))!);
    await source.read(0, 5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.write(`${root}/again`, [Buffer.from('67890')], { overwrite: true });
    await expect(source.verify()).rejects.toMatchObject({ fault: 'changed' });
  });

  it('denies another user what is not theirs', async () => {
    const urls = [inject('stack').namenode];
    const stranger = openFileStore(parseHdfsConfig({ urls, user: 'stranger' }, 'test'));
    try {
      await expect(stranger.write(`${root}/theirs`, [Buffer.from('x')])).rejects.toMatchObject({ fault: 'denied' });
      await expect(stranger.delete(`${root}/large`)).rejects.toMatchObject({ fault: 'denied' });
    } finally {
      await stranger.close();
    }
  });

  it('is found behind a NameNode that is away', async () => {
    const urls = ['http://127.0.0.1:9', inject('stack').namenode];
    const second = openFileStore(parseHdfsConfig({ urls, user: 'rewind' }, 'test'));
    try {
      expect(await second.status(root)).toMatchObject({ kind: 'directory' });
      expect(await second.write(`${root}/behind`, [Buffer.from('x')])).toBe(1);
    } finally {
      await second.close();
    }
  });
});
