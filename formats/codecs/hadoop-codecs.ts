import { FormatError } from '../format-error.ts';
import type { Decompress } from './codec.ts';

const PACKAGE = 'org.apache.hadoop.io.compress.';

const HADOOP_CODECS = new Map<string, () => Promise<Decompress>>([
  ['DefaultCodec', async () => (await import('./zlib.ts')).inflateZlib],
  ['DeflateCodec', async () => (await import('./zlib.ts')).inflateZlib],
  ['GzipCodec', async () => (await import('./zlib.ts')).gunzip],
  ['BZip2Codec', async () => (await import('./bzip2/bunzip2.ts')).bunzip2],
  ['ZStandardCodec', async () => (await import('./zstandard.ts')).loadZstandard()],
  ['Lz4Codec', async () => (await import('./hadoop-blocks.ts')).hadoopBlocks('lz4', (await import('./lz4.ts')).lz4Raw)],
  [
    'SnappyCodec',
    async () => (await import('./hadoop-blocks.ts')).hadoopBlocks('snappy', (await import('./snappy.ts')).snappyRaw),
  ],
]);

/**
 * The codec of a Hadoop class name (`org.apache.hadoop.io.compress.SnappyCodec`), ready for use without waiting.
 * @throws FormatError 'unsupported' for any other class
 */
export async function loadHadoopCodec(className: string): Promise<Decompress> {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : '';
  const load = HADOOP_CODECS.get(name);
  if (load === undefined)
    throw new FormatError('unsupported', 'the file is compressed with a Hadoop codec that this reader does not know', {
      expected: `${PACKAGE}{${[...HADOOP_CODECS.keys()].join(', ')}}`,
      found: JSON.stringify(className),
    });
  return load();
}
