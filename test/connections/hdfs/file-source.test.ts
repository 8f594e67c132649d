// A file whose length or modification time differs when it is read is an error, with both.
import { describe, expect, it, vi } from 'vitest';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';

const setUp = async (
  content = 'hello',
): Promise<{ store: MemoryFileStore; status: NonNullable<Awaited<ReturnType<MemoryFileStore['status']>>> }> => {
  const store = new MemoryFileStore();
  await store.write('/file', [Buffer.from(content)]);
  return { store, status: (await store.status('/file'))! };
};
const changed = expect.objectContaining({ name: 'ConnectionError', fault: 'changed' }) as unknown;

describe('openFileSource', () => {
  it('gives ranges, and looks at the status once before the first', async () => {
    const { store, status } = await setUp();
    const asked = vi.spyOn(store, 'status');
    const source = openFileSource(store, status);
    expect(source.length).toBe(5);
    expect(asked).not.toHaveBeenCalled();
    expect(Buffer.from(await source.read(0, 2)).toString()).toBe('he');
    expect(Buffer.from(await source.read(3, 2)).toString()).toBe('lo');
    expect(asked).toHaveBeenCalledTimes(1);
    await source.verify();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('refuses to read a file of another length, naming both', async () => {
    const { store, status } = await setUp();
    const source = openFileSource(store, { ...status, length: 4 });
    await expect(source.read(0, 1)).rejects.toEqual(changed);
    await expect(source.verify()).rejects.toThrow(/expected 4 bytes modified at .*Z, found 5 bytes modified at .*Z/);
  });

  it('refuses to read a file of another modification time', async () => {
    const { store, status } = await setUp();
    const source = openFileSource(store, { ...status, modifiedAt: status.modifiedAt - 1 });
    await expect(source.read(0, 1)).rejects.toMatchObject({
      fault: 'changed',
      facts: { expected: { modifiedAt: status.modifiedAt - 1 }, found: { modifiedAt: status.modifiedAt } },
    });
  });

  it('notices afterwards that a file was exchanged while it was read', async () => {
    const { store, status } = await setUp();
    const source = openFileSource(store, status);
    await source.read(0, 1);
    await store.write('/file', [Buffer.from('other text')], { overwrite: true });
    await expect(source.verify()).rejects.toEqual(changed);
  });

  it('says changed, not truncated or not-found, of a file that became shorter or went away', async () => {
    const { store, status } = await setUp();
    const source = openFileSource(store, status);
    await source.read(0, 1);
    await store.write('/file', [Buffer.from('he')], { overwrite: true });
    await expect(source.read(3, 2)).rejects.toEqual(changed);
    await store.delete('/file');
    await expect(source.read(3, 2)).rejects.toThrow(/found nothing/);
  });

  it('says changed of a directory in the place of the file', async () => {
    const { store, status } = await setUp('');
    await store.delete('/file');
    await store.makeDirectory('/file');
    await expect(openFileSource(store, status).verify()).rejects.toThrow(/found a directory/);
  });

  it('gives a whole file by one read, and looks at nothing', async () => {
    const { store, status } = await setUp();
    const asked = vi.spyOn(store, 'status');
    const read = vi.spyOn(store, 'read');
    const bytes = await openFileSource(store, status).readAll();
    expect(Buffer.from(bytes).toString()).toBe('hello');
    expect(asked).not.toHaveBeenCalled();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('refuses what somebody has found in the place of a file that was exchanged, grew, became shorter or went away', async () => {
    const { store, status } = await setUp();
    const source = openFileSource(store, status);
    const found = async (): Promise<void> => source.assertListed(await store.status('/file'));
    await found();
    for (const content of ['other text', 'he']) {
      await store.write('/file', [Buffer.from(content)], { overwrite: true });
      await expect(found()).rejects.toEqual(changed);
    }
    await store.delete('/file');
    await expect(found()).rejects.toEqual(changed);
  });

  it('says changed of a whole file that became shorter or went away', async () => {
    const { store, status } = await setUp();
    await store.write('/file', [Buffer.from('he')], { overwrite: true });
    await expect(openFileSource(store, status).readAll()).rejects.toEqual(changed);
    await store.delete('/file');
    await expect(openFileSource(store, status).readAll()).rejects.toEqual(changed);
  });

  it('reads nothing of an empty file', async () => {
    const { store, status } = await setUp('');
    const read = vi.spyOn(store, 'read');
    expect(await openFileSource(store, status).readAll()).toHaveLength(0);
    expect(read).not.toHaveBeenCalled();
  });

  it('refuses a range outside of the file', async () => {
    const { store, status } = await setUp();
    await expect(openFileSource(store, status).read(3, 3)).rejects.toThrow(RangeError);
  });
});
