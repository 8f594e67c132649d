// A directory of the test's own on the real HDFS, removed with all that is in it.
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import type { FileStoreUnderTest } from '../../contract/file-store.ts';

export async function openHdfs(): Promise<FileStoreUnderTest> {
  const store = openFileStore(parseHdfsConfig({ urls: [inject('stack').namenode], user: 'rewind' }, 'test'));
  const root = `/tmp/hdfs-tests-${randomBytes(4).toString('hex')}`;
  await store.makeDirectory(root);
  return {
    store,
    root,
    dispose: async () => {
      await store.delete(root, { recursive: true });
      await store.close();
    },
  };
}
