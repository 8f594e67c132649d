import { header, long, MARKER } from '../formats/avro/container-bytes.ts';

/** The bytes of an Avro container file whose records are a number each: the only field of `schema`. */
export function timesContainer(schema: string, times: readonly (number | bigint)[]): Buffer {
  const data = Buffer.concat(times.map((time) => long(time)));
  return Buffer.concat([header({ 'avro.schema': schema }), long(times.length), long(data.length), data, MARKER]);
}
