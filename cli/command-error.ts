import type { ExitCode } from './exit-code.ts';

/** What a command ends with when it can't do what it was told: two lines, what is wrong and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly remedy: string;
  /** Type of the job's failure (docs/errors.md), where there is one. */
  readonly type: string | undefined;

  constructor(exitCode: ExitCode, what: string, remedy: string, type?: string) {
    super(what);
    this.exitCode = exitCode;
    this.remedy = remedy;
    this.type = type;
  }
}
