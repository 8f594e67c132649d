/** The development stack can't do what it was asked to. The message names what failed and what to do about it. */
export class StackError extends Error {
  override readonly name = 'StackError';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
