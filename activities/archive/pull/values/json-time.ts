import { FormatError } from '../../../../formats/format-error.ts';
import { int64ToBigInt, type Int64 } from '../../../../formats/int64.ts';
import { lineTimeReader, NoTimeThere, parsedTimeReader } from '../../../../formats/text/time.ts';

/** Where Camus's decoders of JSON look for the time, and how they expect it. */
const CAMUS_FIELD = 'timestamp';
const CAMUS_FORMAT = '[dd/MMM/yyyy:HH:mm:ss Z]';

/** Why a value has no time: the field is there, and can't be read; or the field that the job names is not there. */
export type TimeFault = 'unreadable' | 'missing';

export interface JsonTimeOptions {
  /** @default Camus's `timestamp` */
  field?: string | undefined;
  /** @default Camus's `[dd/MMM/yyyy:HH:mm:ss Z]` */
  format?: string | undefined;
  /** Of times that name none. @default UTC */
  timeZone?: string | undefined;
}

/**
 * Reads the time of JSON: milliseconds since 1970, NaN where it has none. Camus takes the clock there; here it is
 * Kafka's timestamp, which another attempt sees as well.
 */
export class JsonTime {
  /** Of the last NaN. Where Camus looks by itself many topics have no time, and nobody said that they had. */
  fault: TimeFault | undefined;
  readonly #named: boolean;
  readonly #ofLine: (value: Uint8Array, target: Int64) => void;
  readonly #ofParsed: (value: unknown, text: string, target: Int64) => void;
  readonly #raw: Int64 = { hi: 0, lo: 0 };

  constructor({ field, format = CAMUS_FORMAT, timeZone }: JsonTimeOptions) {
    const where = { field: field ?? CAMUS_FIELD, format, ...(timeZone !== undefined && { timeZone }) };
    this.#named = field !== undefined;
    this.#ofLine = lineTimeReader(where);
    this.#ofParsed = parsedTimeReader(where);
  }

  read(value: Uint8Array): number {
    try {
      this.#ofLine(value, this.#raw);
      return this.#time();
    } catch (error) {
      return this.#none(error);
    }
  }

  /** The same of JSON that is parsed already; `text` is what was parsed. */
  readParsed(value: unknown, text: string): number {
    try {
      this.#ofParsed(value, text, this.#raw);
      return this.#time();
    } catch (error) {
      return this.#none(error);
    }
  }

  #time(): number {
    return Number(int64ToBigInt(this.#raw.hi, this.#raw.lo));
  }

  #none(error: unknown): number {
    if (!(error instanceof FormatError) || error.fault !== 'time') throw error;
    if (!(error instanceof NoTimeThere)) this.fault = 'unreadable';
    else this.fault = this.#named ? 'missing' : undefined;
    return Number.NaN;
  }
}
