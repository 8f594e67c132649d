/** What kind of thing is wrong with the bytes: drives the skip policy and the error catalogue. */
export type FormatFault =
  | 'truncated' // the bytes end before the format says that they may
  | 'corrupt' // a marker, checksum, length or value that the format forbids
  | 'unsupported' // a version, codec or class that this reader does not know
  | 'limit' // well-formed, but larger than the reader's bounds
  | 'schema' // a schema that is missing, is not one, or does not resolve to the output schema
  | 'time' // no record time, or one that cannot be read
  | 'function'; // a function that the caller brought threw, or returned what it must not

export interface FormatErrorFacts {
  /** Byte position in the file of the first byte of the broken part (a rule: the start of its block). */
  position?: number;
  /** Byte position by which the fault was noticed; at or after `position`. */
  noticedAt?: number;
  /** Ordinal (from 0) of the record in its block or file, where one is known. */
  ordinal?: number;
  expected?: string;
  found?: string;
  cause?: unknown;
}

/**
 * The only error that a reader throws for bad bytes. It knows positions, never file names: whoever opened the
 * file adds its name (see `describe`).
 */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly fault: FormatFault;
  readonly facts: FormatErrorFacts;

  constructor(fault: FormatFault, message: string, facts: FormatErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.fault = fault;
    this.facts = facts;
  }

  /** One line for a person: what, in which file, at which byte or record, expected against found. */
  describe(file: string): string {
    const { position, ordinal, expected, found } = this.facts;
    const where = [
      position === undefined ? undefined : `byte ${position}`,
      ordinal === undefined ? undefined : `record ${ordinal}`,
    ].filter((part) => part !== undefined);
    const versus = expected === undefined ? '' : `: expected ${expected}, found ${found ?? 'something else'}`;
    return `${file}${where.length > 0 ? ` at ${where.join(', ')}` : ''}: ${this.message}${versus}`;
  }
}
