// Headers are encoded as Kafka's record batch v2 has them, and are only those that the job wants.
import { describe, expect, it } from 'vitest';
import {
  fileHeaders,
  withOriginalTime,
  type EncodedHeaders,
} from '../../../../activities/replay/record/record-headers.ts';
import { int64FromBigInt } from '../../../../formats/int64.ts';

function decoded({ bytes, count }: EncodedHeaders): Record<string, string> {
  let at = 0;
  const text = (): string => {
    let [zigzag, factor] = [0, 1];
    for (let more = true; more; factor *= 128) {
      const byte = bytes[at++]!;
      zigzag += (byte & 0x7f) * factor;
      more = byte >= 0x80;
    }
    return bytes.subarray(at, (at += zigzag / 2)).toString('utf8');
  };
  const headers = Object.fromEntries(Array.from({ length: count }, () => [text(), text()]));
  expect(at).toBe(bytes.length);
  return headers;
}

const BOTH = { partition: true, file: true };

describe('headers of a file', () => {
  it('are its partition and its path, of any length and alphabet', () => {
    const path = `/camus/☃/${'x'.repeat(300)}.avro`;
    expect(decoded(fileHeaders(BOTH, path, 17))).toEqual({ 'rewind-partition': '17', 'rewind-file': path });
  });

  it('leave out what is not wanted or not known', () => {
    expect(decoded(fileHeaders({ partition: false, file: false }, '/f', 1))).toEqual({});
    expect(decoded(fileHeaders(BOTH, '/f', undefined))).toEqual({ 'rewind-file': '/f' });
    expect(decoded(fileHeaders({ partition: true, file: false }, '/f', 0))).toEqual({ 'rewind-partition': '0' });
  });

  it.each([-1n, -(2n ** 63n), 2n ** 63n - 1n])('are joined by the original time %s where it was clamped', (time) => {
    const { hi, lo } = int64FromBigInt(time);
    const headers = fileHeaders(BOTH, '/f', 2);
    expect(decoded(withOriginalTime(headers, hi, lo))).toEqual({ ...decoded(headers), 'rewind-time': time.toString() });
  });
});
