import type { Int64Reader } from '../../../../formats/avro/int64-reader.ts';

/** Milliseconds in a step of what a reader reads. */
export function stepsOfTime(reader: Pick<Int64Reader, 'unit'>): number {
  return reader.unit === 'micros' ? 1e-3 : reader.unit === 'nanos' ? 1e-6 : 1;
}
