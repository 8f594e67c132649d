import type { AvroSchema, PrimitiveName } from './schema.ts';

const PROMOTIONS: Readonly<Partial<Record<PrimitiveName, readonly PrimitiveName[]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Whether a value of `writer` may become one of another primitive type, `reader`, without a union in between. */
export function promotes(writer: AvroSchema, reader: AvroSchema): boolean {
  return (
    Object.hasOwn(PROMOTIONS, writer.type) &&
    (PROMOTIONS[writer.type as PrimitiveName] as readonly string[]).includes(reader.type)
  );
}
