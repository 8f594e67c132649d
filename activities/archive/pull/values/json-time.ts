import { FormatError } from '../../../../formats/format-error.ts';
import { int64ToBigInt, type Int64 } from '../../../../formats/int64.ts';
import { lineTimeReader, parsedTimeReader } from '../../../../formats/text/time.ts';

/** Where Camus's decoders of JSON look for the time, and how they expect it. */
const CAMUS_FIELD = 'timestamp';
const CAMUS_FORMAT = '[dd/MMM/yyyy:HH:mm:ss Z]';

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
export function jsonTime({
  field = CAMUS_FIELD,
  format = CAMUS_FORMAT,
  timeZone,
}: JsonTimeOptions): (value: Uint8Array) => number {
  const read = lineTimeReader({ field, format, ...(timeZone !== undefined && { timeZone }) });
  return (value) => orNone((raw) => read(value, raw));
}

/** The same of JSON that is parsed already; `text` is what was parsed. */
export function parsedTime({
  field = CAMUS_FIELD,
  format = CAMUS_FORMAT,
  timeZone,
}: JsonTimeOptions): (value: unknown, text: string) => number {
  const read = parsedTimeReader({ field, format, ...(timeZone !== undefined && { timeZone }) });
  return (value, text) => orNone((raw) => read(value, text, raw));
}

const raw: Int64 = { hi: 0, lo: 0 };

function orNone(read: (target: Int64) => void): number {
  try {
    read(raw);
    return Number(int64ToBigInt(raw.hi, raw.lo));
  } catch (error) {
    if (!(error instanceof FormatError) || error.fault !== 'time') throw error;
    return Number.NaN;
  }
}
