import { FormatError } from '../format-error.ts';
import { overLimit } from './codec.ts';
import type { Decompress, DecompressLater, DecompressOptions } from './codec.ts';

const storedAsIs: Decompress = (data, { limit }) => {
  if (data.length > limit) throw overLimit('null', limit, `${data.length} bytes`);
  return data;
};

/** Codecs are loaded when a file first needs them: most jobs see one. */
const AVRO_CODECS = new Map<string, () => Promise<Decompress | DecompressLater>>([
  ['null', async () => storedAsIs],
  ['deflate', async () => (await import('./zlib.ts')).inflateRaw],
  ['snappy', async () => (await import('./snappy.ts')).snappyWithCrc],
  ['zstandard', async () => (await import('./zstandard.ts')).loadZstandard()],
  ['bzip2', async () => (await import('./bzip2/bunzip2.ts')).bunzip2],
  ['xz', async () => (await import('./xz.ts')).xzStream],
]);

/**
 * The codec that an Avro container file names in `avro.codec`, its library loaded. All but `xz` work synchronously.
 * @throws FormatError 'unsupported' for a name that is not in the Avro specification
 */
export async function loadAvroCodec(name: string): Promise<Decompress | DecompressLater> {
  const load = AVRO_CODECS.get(name);
  if (load === undefined)
    throw new FormatError('unsupported', 'the file is compressed with a codec that this reader does not know', {
      expected: `one of ${[...AVRO_CODECS.keys()].join(', ')}`,
      found: JSON.stringify(name),
    });
  return load();
}

/** Decompresses one block of an Avro container file. Loops take the function of `loadAvroCodec` instead. */
export async function decompress(codec: string, data: Uint8Array, options: DecompressOptions): Promise<Uint8Array> {
  return (await loadAvroCodec(codec))(data, options);
}
