import { FormatError } from '../../format-error.ts';
import type { AvroSchema, RecordSchema } from '../schema/schema.ts';

/** Records in each other, in one datum. Java runs out of stack at a few thousand; a worker's stack must do here. */
export const MAX_DEPTH = 1000;

/** Items of no width (null, a record without fields) in the arrays and maps of one datum: they cost no byte. */
export const MAX_ZERO_WIDTH_ITEMS = 1 << 20;

/** Bytes that one datum may become: far more than a Kafka message, and less than a worker's memory. */
export const MAX_OUTPUT_BYTES = 1 << 28;

/** Fields of a datum, those of the records in it included, before any array, map or union. */
const MAX_FIELDS = 1 << 20;

const widths = new WeakMap<RecordSchema, number>();

/** The fewest bytes in which a value of the schema can be encoded (large records: a few less). */
export function minimumWidth(schema: AvroSchema): number {
  switch (schema.type) {
    case 'null':
      return 0;
    case 'float':
      return 4;
    case 'double':
      return 8;
    case 'fixed':
      return schema.size;
    case 'record': {
      let width = widths.get(schema);
      if (width !== undefined) return width;
      widths.set(schema, 0); // a record that holds itself is refused by checkFieldCount
      width = 0;
      for (const field of schema.fields) width = Math.min(width + minimumWidth(field.schema), 1 << 20);
      widths.set(schema, width);
      return width;
    }
    default:
      return 1;
  }
}

/**
 * Refuses a schema in which a few bytes, or none, would stand for millions of fields: records that hold each other
 * many times over, or one that holds itself without a union, array or map in between.
 */
export function checkFieldCount(schema: AvroSchema): void {
  const seen = new Set<RecordSchema>();
  const counts = new Map<RecordSchema, number>();
  const visit = (part: AvroSchema): void => {
    if (part.type === 'array') visit(part.items);
    else if (part.type === 'map') visit(part.values);
    else if (part.type === 'union') part.branches.forEach(visit);
    else if (part.type === 'record' && !seen.has(part)) {
      seen.add(part);
      countFields(part, counts);
      for (const field of part.fields) visit(field.schema);
    }
  };
  visit(schema);
}

function countFields(record: RecordSchema, counts: Map<RecordSchema, number>): number {
  const known = counts.get(record);
  if (known !== undefined) return known;
  counts.set(record, Infinity); // what it is if the record holds itself
  let count = 1;
  for (const { schema } of record.fields) count += schema.type === 'record' ? countFields(schema, counts) : 1;
  if (count > MAX_FIELDS)
    throw new FormatError('limit', `the record ${record.name} holds itself, or other records too many times over`, {
      expected: `at most ${MAX_FIELDS} fields in a datum`,
      found: String(count),
    });
  counts.set(record, count);
  return count;
}
