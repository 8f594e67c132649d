import { FormatError } from '../../format-error.ts';
import type { Cursor } from './cursor.ts';

/**
 * An error of compiled steps as a FormatError. The limit of depth keeps the stack from running out with any sane
 * schema; where a record holds hundreds of levels of its own, the engine's RangeError means the same.
 */
export function guarded(error: unknown, from: Cursor): unknown {
  if (error instanceof FormatError || !(error instanceof RangeError)) return error;
  const fault = from.fault('limit', 'the datum', 'needs too much memory or stack', 'a smaller one', error.message);
  return new FormatError('limit', fault.message, { ...fault.facts, cause: error });
}
