import type { StreamCompression } from '../codecs/streams.ts';
import type { RecordFormat } from '../record-format.ts';

export interface DetectedNifi {
  format: 'nifi';
  compression: StreamCompression;
}

const STREAMS: readonly string[] = ['none', 'gzip', 'zlib', 'snappy', 'lz4', 'zstandard'] satisfies StreamCompression[];

/** Lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD`: text by their bytes and names, so a job must say what they are. */
export const nifiFormat: RecordFormat<DetectedNifi> = {
  byBytes: () => undefined,
  byName: () => undefined,
  lookingAs: ({ format, compression = '' }) =>
    format === 'text' && STREAMS.includes(compression)
      ? { format: 'nifi', compression: compression as StreamCompression }
      : undefined,
  assumed: { format: 'nifi', compression: 'none' },
  varies: true,
  tellsOffsets: true,
  cuttable: ({ compression }) => compression === 'none',
};
