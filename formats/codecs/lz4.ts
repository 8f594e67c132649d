import { cutShort, damaged, overLimit } from './codec.ts';
import type { Decompress } from './codec.ts';

const SHORTEST_MATCH = 4;

/** One LZ4 block (the 'LZ4 block format'), which has neither a length nor a checksum: chunks of Hadoop's Lz4Codec. */
export const lz4Raw: Decompress = (data, { limit }) => {
  const out = Buffer.allocUnsafe(limit);
  const end = data.length;
  let at = 0;
  let length = 0;
  const extended = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (;;) {
      const byte = data[at++];
      if (byte === undefined) throw cutShort('lz4', 'a length', 'the end of the data');
      total += byte;
      if (byte < 255) return total;
    }
  };
  const room = (count: number) => {
    if (count > limit - length) throw overLimit('lz4', limit);
  };
  while (at < end) {
    const token = data[at++]!;
    const literals = extended(token >> 4);
    if (literals > end - at) throw cutShort('lz4', `${literals} literal bytes`, `${end - at}`);
    room(literals);
    out.set(data.subarray(at, at + literals), length);
    at += literals;
    length += literals;
    // The last sequence has no match.
    if (at === end) return out.subarray(0, length);
    if (end - at < 2) throw cutShort('lz4', 'an offset of 2 bytes', `${end - at}`);
    const offset = data[at]! | (data[at + 1]! << 8);
    at += 2;
    if (offset === 0 || offset > length) throw damaged('lz4', `an offset from 1 to ${length}`, `${offset}`);
    const match = extended(token & 15) + SHORTEST_MATCH;
    room(match);
    // Matches may overlap what they write.
    if (offset >= match) out.copyWithin(length, length - offset, length - offset + match);
    else for (let i = 0; i < match; i++) out[length + i] = out[length + i - offset]!;
    length += match;
  }
  throw cutShort('lz4', 'literals at the end', end === 0 ? 'no byte' : 'a match');
};
