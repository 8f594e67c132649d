import { ConnectionError } from '../../../connections/connection-error.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { EntryGone, type ArchiveTree } from '../../../layouts/archive-tree.ts';

/** HDFS as a layout sees it. */
export function archiveTree(store: FileStore): ArchiveTree {
  return {
    status: (path, signal) => store.status(path, signal),
    list: async function* (path, signal) {
      try {
        yield* store.list(path, signal);
      } catch (error) {
        throw orGone(error);
      }
    },
    open: (file) => {
      const source = openFileSource(store, file);
      const orThrowGone = async <T>(reading: Promise<T>): Promise<T> =>
        reading.catch((error: unknown) => {
          throw orGone(error);
        });
      return {
        length: source.length,
        read: (position, length, signal) => orThrowGone(source.read(position, length, signal)),
        verify: (signal) => orThrowGone(source.verify(signal)),
      };
    },
  };
}

function orGone(error: unknown): unknown {
  const gone = error instanceof ConnectionError && error.fault === 'not-found';
  return gone ? new EntryGone(error.message, { cause: error }) : error;
}
