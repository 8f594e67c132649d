import type { ByteSource } from '../../formats/byte-source.ts';
import { ConnectionError } from '../connection-error.ts';
import type { FileStatus, FileStore } from './file-store.ts';

/** A file of a manifest as the readers of `formats/` take it. */
export interface FileSource extends ByteSource {
  /**
   * Looks whether the file is still the one of the manifest: before the first read (which does it by itself where
   * the caller has not, unless told otherwise) and after the last one, when it proves that every byte came from that file.
   *
   * @throws ConnectionError 'changed' where it is gone, or its length or modification time differs
   */
  verify(signal?: AbortSignal): Promise<void>;
  /** All bytes, in one read, which `verify` or `assertListed` behind it prove to be of the file in the manifest. */
  readAll(signal?: AbortSignal): Promise<Uint8Array>;
  /** As `verify`, of what somebody else has found in its place. */
  assertListed(found: FileStatus | undefined): void;
}

/**
 * Opens a file as the manifest has it; nothing is asked of HDFS before the first `verify` or `read`.
 *
 * @param lookFirst whether the first read looks: not for who says nothing of what it read before `verify` has proven it
 */
export function openFileSource(store: FileStore, expected: FileStatus, { lookFirst = true } = {}): FileSource {
  const { path, length } = expected;
  let verified = !lookFirst;

  const assertListed = (found: FileStatus | undefined): void => {
    if (!isSame(expected, found)) throw changed(expected, found);
    verified = true;
  };
  const verify = async (signal?: AbortSignal): Promise<void> => assertListed(await store.status(path, signal));

  const readNow = async (
    position: number,
    count: number,
    signal?: AbortSignal,
    into?: Uint8Array,
  ): Promise<Uint8Array> => {
    try {
      return await store.read(path, position, count, signal, into);
    } catch (error) {
      // A file that was replaced by a shorter one, or removed, says so better than by what its reading met.
      const suspect = error instanceof ConnectionError && (error.fault === 'truncated' || error.fault === 'not-found');
      if (suspect) await verify(signal);
      throw error;
    }
  };

  return {
    length,
    verify,
    assertListed,
    readAll: async (signal) => (length === 0 ? new Uint8Array(0) : readNow(0, length, signal)),
    read: async (position, count, signal, into) => {
      if (position < 0 || count < 0 || position + count > length)
        throw new RangeError(`read of ${count} bytes at ${position} is outside of the ${length} bytes of ${path}`);
      if (!verified) await verify(signal);
      return readNow(position, count, signal, into);
    },
  };
}

function isSame(expected: FileStatus, found: FileStatus | undefined): boolean {
  return found?.kind === 'file' && found.length === expected.length && found.modifiedAt === expected.modifiedAt;
}

function changed(expected: FileStatus, found: FileStatus | undefined): ConnectionError {
  const { path } = expected;
  const facts = {
    path,
    expected: { length: expected.length, modifiedAt: expected.modifiedAt },
    found: found === undefined ? undefined : { kind: found.kind, length: found.length, modifiedAt: found.modifiedAt },
  };
  return new ConnectionError(
    'changed',
    `${path} is not the file that was listed: expected ${describe(expected)}, found ${describe(found)}; ` +
      'list the files again, when nobody writes there any more',
    facts,
  );
}

function describe(status: FileStatus | undefined): string {
  if (status === undefined) return 'nothing';
  if (status.kind === 'directory') return 'a directory';
  const { length, modifiedAt } = status;
  const time = new Date(modifiedAt);
  return `${length} bytes modified at ${Number.isNaN(time.getTime()) ? modifiedAt : time.toISOString()}`;
}
