/** A zigzag varint, written the slow and plain way. */
export function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** Bytes with their length before them; null has the length -1. */
export function withLength(bytes: string | Buffer | null): Buffer {
  if (bytes === null) return varint(-1);
  const content = Buffer.from(bytes);
  return Buffer.concat([varint(content.length), content]);
}

/** Key and value as `RecordBatchBuilder.add` takes them. */
export function body(key: string | Buffer | null, value: string | Buffer | null): Buffer {
  return Buffer.concat([withLength(key), withLength(value)]);
}
