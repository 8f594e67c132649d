/**
 * A whole Kafka record as Avro data: the columns that Spark's Kafka source has, their names and types, with the ids
 * that a schema registry's frames hold. Nothing is lost in it: null is told from empty, headers keep their order,
 * repeats and nulls, and bytes are as they are in the log.
 *
 * - `timestamp`: milliseconds since 1970; -1 where the record has none.
 * - `timestampType`: 0, the producer's (CreateTime), or 1, the broker's (LogAppendTime).
 * - `headers.key`: the bytes of the log, which other clients than Java's may have filled with what is not UTF-8.
 * - `keySchemaId`, `valueSchemaId`: ids of schemas that are copied beside the data; null where nothing was framed, or
 *   the job didn't ask for it. The bytes of `key` and `value` hold their frame in any case.
 *
 * This is its schema's text, as it stands in the header of every file. Fields are only ever added, behind these.
 */
export const ENVELOPE_SCHEMA = JSON.stringify({
  type: 'record',
  name: 'KafkaRecord',
  namespace: 'rewind',
  fields: [
    { name: 'key', type: ['null', 'bytes'], default: null },
    { name: 'value', type: ['null', 'bytes'], default: null },
    { name: 'topic', type: 'string' },
    { name: 'partition', type: 'int' },
    { name: 'offset', type: 'long' },
    { name: 'timestamp', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'timestampType', type: 'int' },
    {
      name: 'headers',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'KafkaHeader',
          fields: [
            { name: 'key', type: 'string' },
            { name: 'value', type: ['null', 'bytes'], default: null },
          ],
        },
      },
    },
    { name: 'keySchemaId', type: ['null', 'int'], default: null },
    { name: 'valueSchemaId', type: ['null', 'int'], default: null },
  ],
});

/** What `timestampType` holds. */
export const TIMESTAMP_TYPES = { create: 0, append: 1 } as const;
