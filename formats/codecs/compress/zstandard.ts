import { compress, isLoaded } from '@foxglove/wasm-zstd';
import { checkedLevel } from './compressor.ts';
import type { Compress, CompressionOptions } from './compressor.ts';

/** One zstandard frame, which says how long its content is. */
export async function loadZstandardCompressor(options: CompressionOptions): Promise<Compress> {
  const level = checkedLevel('zstandard', options.level ?? 3, 1, 19);
  await isLoaded;
  return (data) => compress(data, level);
}
