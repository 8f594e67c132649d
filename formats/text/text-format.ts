import type { StreamCompression } from '../codecs/streams.ts';
import { startsWith, type RecordFormat } from '../record-format.ts';
import { markedEncoding } from './byte-order-mark.ts';

export interface DetectedText {
  format: 'text';
  compression: StreamCompression;
}

const EXTENSIONS: readonly (readonly [string, StreamCompression])[] = [
  ['.gz', 'gzip'],
  ['.deflate', 'zlib'],
  ['.snappy', 'snappy'],
  ['.lz4', 'lz4'],
  ['.zst', 'zstandard'],
];

const text = (compression: StreamCompression): DetectedText => ({ format: 'text', compression });

/** The usual zlib headers, less the one that is text ('x^'): a check of the header alone would take much text for it. */
function isZlib(head: Uint8Array): boolean {
  return head[0] === 0x78 && [0x01, 0x9c, 0xda].includes(head[1] ?? 0);
}

/** Lines of text, and compressed ones; the last of the table, since whatever is nothing else is text in UTF-8. */
export const textFormat: RecordFormat<DetectedText> = {
  byBytes: (head) => {
    if (startsWith(head, 0x1f, 0x8b)) return text('gzip');
    return startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) ? text('zstandard') : undefined;
  },
  byName: (name, head) => {
    const named = EXTENSIONS.find(([extension]) => name.endsWith(extension))?.[1];
    if (named !== undefined) return text(named);
    if (![undefined, 'UTF-8'].includes(markedEncoding(head))) return undefined;
    return text(isZlib(head) ? 'zlib' : 'none');
  },
  assumed: text('none'),
  varies: true,
  cuttable: ({ compression }) => compression === 'none',
};
