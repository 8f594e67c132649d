// The FileStore in memory keeps the contract that the real one keeps; what a failed write leaves behind is like HDFS.
import { describe, expect, it } from 'vitest';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { registerFileStoreTests } from '../../contract/file-store.ts';

registerFileStoreTests('MemoryFileStore', async () => {
  const store = new MemoryFileStore();
  await store.makeDirectory('/test');
  return { store, root: '/test', dispose: async () => {} };
});

describe('MemoryFileStore', () => {
  it('leaves a part of a file behind where the source breaks, as HDFS does', async () => {
    const store = new MemoryFileStore();
    const chunks = function* (): Generator<Uint8Array> {
      yield Buffer.from('part');
      throw new Error('broken');
    };
    await expect(store.write('/file', chunks())).rejects.toThrow('broken');
    expect(await store.status('/file')).toMatchObject({ length: 4 });
  });
});
