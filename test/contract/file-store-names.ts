// A part of the FileStore contract: a name that HDFS takes comes through unharmed, whatever is in it.
import { describe, expect, it } from 'vitest';
import type { FileStatus, FileStore } from '../../connections/hdfs/file-store.ts';

/** Names with every kind of character that a URL, a shell or a decoder could trip over; HDFS forbids only / : and NUL. */
export const ODD_NAMES = [
  'we ird+topic%20#é☃',
  "a'b;c(d)[e]{f}~!,@=.0.2.25.25.1414915200000.avro",
  '%2e%2e%2fx?y=z&w',
  '%',
  '%zz',
  '100%25',
  'a+b',
  ' leading and trailing ',
  'semi;colon=1;x',
  'back\\slash',
  'pipe|caret^grave`quote"<>',
  'tab\there',
  '\u{1F600}',
  'e\u0301',
  '...',
  '$&*',
];

export const faultOf = (fault: string): unknown => expect.objectContaining({ name: 'ConnectionError', fault });

export async function namesOf(entries: AsyncIterable<FileStatus>): Promise<string[]> {
  const names: string[] = [];
  for await (const { path } of entries) names.push(path.slice(path.lastIndexOf('/') + 1));
  return names;
}

/** @param opened - the store, and a directory of the running test's own */
export function registerNameTests(opened: () => { store: FileStore; at: string }): void {
  describe('names', () => {
    it.each(ODD_NAMES)('carries %j as a file and as a directory', async (odd) => {
      const { store, at } = opened();
      const read = async (path: string): Promise<string> =>
        Buffer.from(await store.read(path, 0, Buffer.byteLength(odd))).toString();
      const file = `${at}/${odd}/${odd}`;
      await store.write(file, [Buffer.from(odd)]);
      expect(await read(file)).toBe(odd);
      expect(await namesOf(store.list(at))).toEqual([odd]);
      expect(await namesOf(store.list(`${at}/${odd}`))).toEqual([odd]);
      expect(await store.rename(file, `${file}2`)).toBe(true);
      expect(await read(`${file}2`)).toBe(odd);
      expect(await store.delete(`${file}2`)).toBe(true);
      expect(await namesOf(store.list(`${at}/${odd}`))).toEqual([]);
    });

    it('refuses a colon, which HDFS does not take', async () => {
      const { store, at } = opened();
      await expect(store.write(`${at}/a:b`, [])).rejects.toEqual(faultOf('refused'));
    });
  });
}
