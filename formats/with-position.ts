import { FormatError } from './format-error.ts';

/**
 * The same error with the place of the part that it was found in, [position, noticedAt), where it has none: codecs
 * and decoders of single values don't know where their bytes stand. Anything but a FormatError comes back as it is.
 */
export function withPosition(error: unknown, position: number, noticedAt: number): unknown {
  if (!(error instanceof FormatError) || error.facts.position !== undefined) return error;
  return new FormatError(error.fault, error.message, { ...error.facts, position, noticedAt });
}
