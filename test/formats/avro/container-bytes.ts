/** An Avro `long`: zigzag, seven bits a byte. */
export function long(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export const MARKER = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

/** A header with the given metadata; `avro.schema` is "bytes" unless said. */
export function header(metadata: Record<string, string | Buffer> = {}): Buffer {
  const entries = Object.entries({ 'avro.schema': '"bytes"', ...metadata });
  const strings = entries.flat().flatMap((text) => {
    const bytes = Buffer.from(text);
    return [long(bytes.length), bytes];
  });
  return Buffer.concat([Buffer.from('Obj\x01'), long(entries.length), ...strings, long(0), MARKER]);
}

/** A block of codec null that holds `records`, each in Avro's encoding of bytes. */
export function block(records: readonly Buffer[]): Buffer {
  const data = Buffer.concat(records.flatMap((record) => [long(record.length), record]));
  return Buffer.concat([long(records.length), long(data.length), data, MARKER]);
}
