import { FormatError, type FormatFault } from '../../../formats/format-error.ts';

/** Lines kept for the errors file of one split; more are only counted. */
const MAX_LINES = 10_000;

/** The job's choice about bad data: the first fault ends it, or faults are counted and written down. */
export class SkippedRecords {
  readonly #policy: 'fail' | 'skip';
  /** What the job ends with: it may come by again on its way out, and is complete. */
  #final: FormatError | undefined;
  count = 0;
  /** The same by reason. */
  readonly byFault: Partial<Record<FormatFault, number>> = {};
  readonly lines: string[] = [];

  constructor(policy: 'fail' | 'skip') {
    this.#policy = policy;
  }

  /** Whether reading goes on behind what is bad. */
  get goesOn(): boolean {
    return this.#policy === 'skip';
  }

  /** Under `fail` throws, with the file's name and what to do; under `skip` counts `records` and keeps the reason. */
  orThrow(error: FormatError, file: string, { records }: { records: number }): void {
    if (error === this.#final) throw error;
    if (this.#policy === 'fail') {
      this.#final = new FormatError(
        error.fault,
        `${error.describe(file)}. Repair or remove the file, or set badData.policy to "skip" to leave out what can't be read.`,
        error.facts,
      );
      throw this.#final;
    }
    this.count += records;
    if (records > 0) this.byFault[error.fault] = (this.byFault[error.fault] ?? 0) + records;
    const { position, ordinal, expected, found } = error.facts;
    if (this.lines.length < MAX_LINES)
      this.lines.push(
        JSON.stringify({
          file,
          fault: error.fault,
          message: error.message,
          position,
          ordinal,
          expected,
          found,
          records,
        }),
      );
  }
}
