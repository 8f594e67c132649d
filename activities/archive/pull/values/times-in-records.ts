import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';
import { compileInt64Reader, type Int64Reader } from '../../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import type { Int64 } from '../../../../formats/int64.ts';
import { JsonTime, type JsonTimeOptions, type TimeFault } from './json-time.ts';
import { stepsOfTime } from './time-steps.ts';

/**
 * Times in the values of whole records: of Avro data whose schema the registry knows, else of JSON. NaN where a value
 * has none.
 */
export class TimesInRecords {
  readonly #field: string;
  readonly #ofJson: JsonTime;
  /** Of the last NaN. */
  fault: TimeFault | undefined;
  readonly #ofSchema = new Map<number, Int64Reader | undefined>();
  readonly #raw: Int64 = { hi: 0, lo: 0 };

  constructor(time: JsonTimeOptions & { field: string }) {
    this.#field = time.field;
    this.#ofJson = new JsonTime(time);
  }

  /** @param json - the whole schema of an id */
  learn(id: number, json: string): void {
    try {
      this.#ofSchema.set(id, compileInt64Reader(parseSchema(json, { lenient: true }), this.#field.split('.')));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#ofSchema.set(id, undefined);
    }
  }

  /** @param start - of the datum, behind its frame */
  read({ bytes, valueStart, valueEnd }: RecordCursor, schemaId: number, start: number): number {
    this.fault = 'missing';
    if (valueStart < 0) return Number.NaN;
    if (schemaId < 0) {
      const time = this.#ofJson.read(bytes.subarray(valueStart, valueEnd));
      this.fault = this.#ofJson.fault;
      return time;
    }
    const reader = this.#ofSchema.get(schemaId);
    try {
      if (reader?.read(bytes, start, valueEnd, this.#raw) !== true) return Number.NaN;
      return (this.#raw.hi * 2 ** 32 + this.#raw.lo) * stepsOfTime(reader);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return Number.NaN;
    }
  }
}
