import { FormatError } from '../../../formats/format-error.ts';
import type { ContentHash } from './content-hash.ts';

const PREFIX = Buffer.from('rewind-');

/** Adds a record's headers, in Kafka's bytes, without those that a replay gives it. */
export function addOwnHeaders(to: ContentHash, data: Buffer, start: number, end: number, count: number): void {
  let at = start;
  const field = (): { from: number; to: number } => {
    const length = varint();
    const from = at;
    at += Math.max(0, length);
    if (length < -1 || at > end) throw torn(at);
    return { from: length < 0 ? -1 : from, to: at };
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = data[at++]!;
      if (at > end) throw torn(at);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw torn(at);
  };
  for (let index = 0; index < count; index += 1) {
    const name = field();
    const value = field();
    const own = data.subarray(name.from, name.to).indexOf(PREFIX) === 0;
    if (!own) to.field(data, name.from, name.to).field(data, value.from, value.to);
  }
}

function torn(position: number): FormatError {
  return new FormatError('corrupt', "a record's headers are longer than the record", { position });
}
