import type { AvroSchema, RecordSchema } from '../avro/schema/schema.ts';

/** A field's value without the `null` that it may be; undefined for other unions. */
export function withoutNull(schema: AvroSchema): AvroSchema | undefined {
  if (schema.type !== 'union') return schema;
  const values = schema.branches.filter(({ type }) => type !== 'null');
  return values.length === 1 ? values[0] : undefined;
}

/** Types that a column may have, null apart: Spark's, and strings that somebody has cast bytes to. */
const COLUMNS: Readonly<Record<string, readonly AvroSchema['type'][]>> = {
  key: ['bytes', 'string'],
  value: ['bytes', 'string'],
  topic: ['string'],
  partition: ['int', 'long'],
  offset: ['int', 'long'],
  timestamp: ['long'],
};

/** Whether an array's items are headers: a key and a value each. */
export function isHeaders(schema: AvroSchema | undefined): boolean {
  const items = schema?.type === 'array' ? withoutNull(schema.items) : undefined;
  if (items?.type !== 'record') return false;
  const has = (name: string, types: readonly AvroSchema['type'][]): boolean => typeIn(items, name, types);
  return has('key', ['string', 'bytes']) && has('value', ['bytes', 'string']);
}

/**
 * Whether data of a schema are whole records, as Rewind's envelope and Spark's Kafka source have them: told by the
 * columns' names and types, in any order, beside whatever else there is.
 */
export function isEnvelope(schema: AvroSchema): boolean {
  if (schema.type !== 'record') return false;
  if (!Object.entries(COLUMNS).every(([name, types]) => typeIn(schema, name, types))) return false;
  const headers = schema.fields.find(({ name }) => name === 'headers');
  return headers === undefined || isHeaders(withoutNull(headers.schema));
}

function typeIn({ fields }: RecordSchema, name: string, types: readonly AvroSchema['type'][]): boolean {
  const field = fields.find((candidate) => candidate.name === name);
  const value = field === undefined ? undefined : withoutNull(field.schema);
  return value !== undefined && types.includes(value.type);
}
