import type { ByteSource } from './byte-source.ts';

/**
 * The same source with its first bytes at hand: a header is read before the data, and a small file should cost one
 * request, not two. Ranges that lie only partly in `head` are read whole.
 */
export function withCachedHead(source: ByteSource, head: Uint8Array): ByteSource {
  return {
    length: source.length,
    head: head.length > (source.head?.length ?? 0) ? head : source.head,
    read: (position, length, signal, into) =>
      position >= 0 && length >= 0 && position + length <= head.length
        ? Promise.resolve(head.subarray(position, position + length))
        : source.read(position, length, signal, into),
  };
}
