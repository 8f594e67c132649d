import { cutShort, damaged } from '../codec.ts';
import type { Decompress } from '../codec.ts';
import { BitInput } from './bit-input.ts';
import { BlockDecoder } from './block.ts';
import { Output } from './output.ts';

const BLOCK_MAGIC = [0x314159, 0x265359] as const;
const END_MAGIC = [0x177245, 0x385090] as const;

const decoder = new BlockDecoder();

/**
 * bzip2, one stream or several, the CRC of each block and stream checked: Avro's `bzip2`, Hadoop's BZip2Codec.
 *
 * The format has no specification; it is that of libbzip2 1.0.8 (`decompress.c`), with randomised blocks, which
 * Hadoop's compressor (`CBZip2OutputStream`) writes for repetitive data.
 */
export const bunzip2: Decompress = (data, { limit }) => {
  if (data.length === 0) throw cutShort('bzip2', 'a stream', 'no byte');
  const input = new BitInput(data);
  const output = new Output(limit);
  do decodeStream(input, output);
  while (!input.atEnd);
  return output.bytes();
};

function decodeStream(input: BitInput, output: Output): void {
  const magic = input.bits(24);
  const level = input.bits(8) - 0x30;
  input.check();
  if (magic !== 0x425a68 || level < 1 || level > 9)
    throw damaged('bzip2', "a stream that begins with 'BZh' and 1 to 9", `0x${magic.toString(16)} and ${level}`);
  let combined = 0;
  for (;;) {
    const head = [input.bits(24), input.bits(24)] as const;
    input.check();
    if (head[0] === BLOCK_MAGIC[0] && head[1] === BLOCK_MAGIC[1]) {
      combined = ((combined << 1) | (combined >>> 31)) ^ decoder.decode(input, level * 100_000, output);
    } else if (head[0] === END_MAGIC[0] && head[1] === END_MAGIC[1]) {
      const crc = input.uint32();
      input.toNextByte();
      input.check();
      if (crc !== combined >>> 0)
        throw damaged('bzip2', `CRC ${crc.toString(16)}, which the stream has`, (combined >>> 0).toString(16));
      return;
    } else throw damaged('bzip2', 'a block or the end of the stream', `0x${head.map((n) => n.toString(16)).join('')}`);
  }
}
