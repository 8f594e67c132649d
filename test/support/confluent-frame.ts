/** A value in the frame of Confluent's serializers: a zero byte, the schema's id as four bytes, the datum. */
export function framed(id: number, datum: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeInt32BE(id, 1);
  return Buffer.concat([head, datum]);
}
