// The WebHDFS client keeps the FileStore contract against a real NameNode and DataNode.
import { registerFileStoreTests } from '../../contract/file-store.ts';
import { openHdfs } from './hdfs-under-test.ts';

registerFileStoreTests('WebHDFS', openHdfs);
