import { expect, test } from 'vitest';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { ENVELOPE_SCHEMA } from '../../../formats/record-envelope/envelope-schema.ts';

test("The envelope has the columns of Spark's Kafka source, in their order, then the ids of schemas", () => {
  const schema = parseSchema(ENVELOPE_SCHEMA);
  expect(schema).toMatchObject({ type: 'record', name: 'rewind.KafkaRecord' });
  const { fields } = JSON.parse(ENVELOPE_SCHEMA) as { fields: { name: string; type: unknown }[] };
  expect(fields.slice(0, 7).map(({ name, type }) => [name, type])).toEqual([
    ['key', ['null', 'bytes']],
    ['value', ['null', 'bytes']],
    ['topic', 'string'],
    ['partition', 'int'],
    ['offset', 'long'],
    ['timestamp', { type: 'long', logicalType: 'timestamp-millis' }],
    ['timestampType', 'int'],
  ]);
  expect(fields.slice(7).map(({ name }) => name)).toEqual(['headers', 'keySchemaId', 'valueSchemaId']);
});
