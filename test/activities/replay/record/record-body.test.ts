// The body of a sorted entry holds flags, timestamp, key and value in the layout that publishing copies from, whatever
// their lengths.
import { describe, expect, it } from 'vitest';
import {
  appendKey,
  beginBody,
  beginValue,
  BODY_PREFIX_BYTES,
  CLAMPED,
  endValue,
} from '../../../../activities/replay/record/record-body.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';

function bodyOf(key: Uint8Array | undefined, value: Uint8Array, capacity = 16): Buffer {
  const out = new ByteWriter(capacity);
  out.append(Buffer.from('before'));
  beginBody(out, CLAMPED, -2, 0xfffffffe);
  appendKey(out, key);
  const start = beginValue(out);
  out.append(value);
  endValue(out, start);
  expect(out.view().subarray(0, 6).toString()).toBe('before');
  return out.view().subarray(6);
}

/** Reads length and bytes as Kafka's record batch v2 has them; -1 for null. */
function readBytes(body: Buffer, at: number): { bytes: Buffer | undefined; next: number } {
  let [zigzag, factor, position] = [0, 1, at];
  for (let more = true; more; factor *= 128) {
    const byte = body[position++]!;
    zigzag += (byte & 0x7f) * factor;
    more = byte >= 0x80;
  }
  const length = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  if (length < 0) return { bytes: undefined, next: position };
  return { bytes: body.subarray(position, position + length), next: position + length };
}

describe('the body of an entry', () => {
  it('begins with flags and the two halves of the timestamp', () => {
    const body = bodyOf(undefined, Buffer.alloc(0));
    expect(body[0]).toBe(CLAMPED);
    expect(body.readUInt32LE(1)).toBe(0xfffffffe);
    expect(body.readInt32LE(5)).toBe(-2);
    expect(body.subarray(BODY_PREFIX_BYTES)).toEqual(Buffer.from([1, 0]));
  });

  it.each([0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576])('holds values and keys of %i bytes', (length) => {
    const value = Buffer.alloc(length, 'v');
    const key = Buffer.alloc(length, 'k');
    const body = bodyOf(key, value);
    const first = readBytes(body, BODY_PREFIX_BYTES);
    const second = readBytes(body, first.next);
    expect(first.bytes?.equals(key)).toBe(true);
    expect(second.bytes?.equals(value)).toBe(true);
    expect(second.next).toBe(body.length);
  });

  it('tells no key from an empty one', () => {
    expect(readBytes(bodyOf(undefined, Buffer.from('x')), BODY_PREFIX_BYTES).bytes).toBeUndefined();
    expect(readBytes(bodyOf(Buffer.alloc(0), Buffer.from('x')), BODY_PREFIX_BYTES).bytes).toEqual(Buffer.alloc(0));
  });
});
