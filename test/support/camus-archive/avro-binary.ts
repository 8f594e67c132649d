import type { ByteWriter } from '../../../formats/byte-writer.ts';

/**
 * Avro's binary encoding, written by hand so that the archives are not checked by the code that wrote them. Callers
 * reserve room first: these store without looking.
 */

/** A long that is exact as a number. */
export function putLong(out: ByteWriter, value: number): void {
  if (value >= -0x40000000 && value < 0x40000000) {
    let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
    while (zigzag >= 0x80) {
      out.bytes[out.length++] = (zigzag & 0x7f) | 0x80;
      zigzag >>>= 7;
    }
    out.bytes[out.length++] = zigzag;
  } else if (value > -(2 ** 52) && value < 2 ** 52) {
    let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
    while (zigzag >= 0x80) {
      out.bytes[out.length++] = (zigzag % 128) | 0x80;
      zigzag = Math.floor(zigzag / 128);
    }
    out.bytes[out.length++] = zigzag;
  } else putBigLong(out, BigInt(value));
}

/** Any 64-bit long. */
export function putBigLong(out: ByteWriter, value: bigint): void {
  let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (zigzag >= 0x80n) {
    out.bytes[out.length++] = Number(zigzag & 0x7fn) | 0x80;
    zigzag >>= 7n;
  }
  out.bytes[out.length++] = Number(zigzag);
}

/** A string of fewer than 2^20 characters. */
export function putString(out: ByteWriter, text: string): void {
  const start = out.length;
  putLong(out, text.length);
  const { bytes } = out;
  let at = out.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      out.length = start;
      putLong(out, Buffer.byteLength(text));
      out.length += bytes.write(text, out.length);
      return;
    }
    bytes[at++] = code;
  }
  out.length = at;
}

export function putDouble(out: ByteWriter, value: number): void {
  out.length = out.bytes.writeDoubleLE(value, out.length);
}

export function putBytes(out: ByteWriter, bytes: Uint8Array): void {
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}
