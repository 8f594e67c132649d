// The WebHDFS client keeps the FileStore contract against a real NameNode and DataNode.
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import { openFileStore } from '../../../connections/hdfs/open-file-store.ts';
import { registerFileStoreTests } from '../../contract/file-store.ts';

registerFileStoreTests('WebHDFS', async () => {
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
});
