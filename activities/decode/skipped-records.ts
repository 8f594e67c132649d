import { FormatError } from '../../formats/format-error.ts';

/** Lines kept for the errors file of one split; more are only counted. */
const MAX_LINES = 10_000;

/** The job's choice about bad data: the first fault ends it, or faults are counted and written down. */
export class SkippedRecords {
  readonly #policy: 'fail' | 'skip';
  count = 0;
  readonly lines: string[] = [];

  constructor(policy: 'fail' | 'skip') {
    this.#policy = policy;
  }

  /** Under `fail` throws, with the file's name and what to do; under `skip` counts `records` and keeps the reason. */
  orThrow(error: FormatError, file: string, { records }: { records: number }): void {
    if (this.#policy === 'fail')
      throw new FormatError(
        error.fault,
        `${error.describe(file)}. Repair or remove the file, or set badData.policy to "skip" to leave out what can't be read.`,
        error.facts,
      );
    this.count += records;
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
