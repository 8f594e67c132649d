import type { FileSource } from '../../../connections/hdfs/file-source.ts';

/** Bytes of a file's start that are read at once: as many as the header of a container is looked for in. */
export const HEAD_BYTES = 64 * 1024;

/**
 * The same file with its first bytes kept once they are read: what it is, its header and its first records are all looked
 * for there, and each look would be a round trip to a NameNode and one to a DataNode.
 *
 * @param bytes how many
 * @param into where they are put. @default memory of their own
 */
export function withHeadKept(source: FileSource, bytes = HEAD_BYTES, into?: Uint8Array): FileSource {
  const end = Math.min(bytes, source.length);
  let head: Uint8Array | undefined;
  return {
    ...source,
    get head() {
      return head;
    },
    read: async (position, length, signal, other) => {
      if (position < 0 || length <= 0 || position + length > end) return source.read(position, length, signal, other);
      head ??= await source.read(0, end, signal, into);
      return head.subarray(position, position + length);
    },
  };
}
