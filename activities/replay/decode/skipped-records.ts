import type { CountedRecords } from '../../../formats/counted-records.ts';
import type { FormatError } from '../../../formats/format-error.ts';
import { type FormatFault } from '../../../formats/format-error.ts';
import { withRemedy } from './bad-data-remedy.ts';

/** Lines kept for the errors file of one split; more are only counted. */
const MAX_LINES = 10_000;
/** Losses of one file that wait for their numbers; further ones are added to the last of their reason. */
const MAX_OPEN = 1_000;

/** Something that was lost, and how much of it nothing counts so far. */
interface OpenLoss extends CountedRecords {
  error: FormatError;
  file: string;
}

/** What tells how many records there were in bytes that nothing counts: their number, or so many a byte. */
export type Measure = { rest: number } | { perByte: number };

/**
 * The job's choice about bad data: the first fault ends it, or faults are counted and written down. Bytes of which
 * nothing in the file tells how many records they hold wait for `settle` at the end of the file.
 */
export class SkippedRecords {
  readonly #policy: 'fail' | 'skip';
  /** What the job ends with: it may come by again on its way out, and is complete. */
  #final: FormatError | undefined;
  #open: OpenLoss[] = [];
  #first: string | undefined;
  count = 0;
  /** Those of them that are estimated by bytes. */
  estimated = 0;
  /** All of them by reason; of one that has cost no record, as far as that can be told, there is a zero. */
  readonly byFault: Partial<Record<FormatFault, number>> = {};
  readonly lines: string[] = [];

  constructor(policy: 'fail' | 'skip') {
    this.#policy = policy;
  }

  /** Whether reading goes on behind what is bad. */
  get goesOn(): boolean {
    return this.#policy === 'skip';
  }

  /** What was lost first, in words. */
  get first(): string | undefined {
    return this.#first;
  }

  /** Bytes of this file that nothing has counted yet. */
  get openBytes(): number {
    return this.#open.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get hasOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Under `fail` throws, with the file's name and what to do; under `skip` counts what is lost and keeps the reason. */
  orThrow(error: FormatError, file: string, lost: Pick<CountedRecords, 'records'> & Partial<CountedRecords>): void {
    const { records, bytes = 0, perByte } = lost;
    if (error === this.#final) throw error;
    if (this.#policy === 'fail') {
      this.#final = withRemedy(error, file);
      throw this.#final;
    }
    this.#first ??= error.describe(file);
    this.#count(error.fault, records);
    if (bytes === 0) return this.#keep({ error, file, records, bytes }, false);
    const known =
      this.#open.length < MAX_OPEN ? undefined : this.#open.findLast((one) => one.error.fault === error.fault);
    if (known === undefined) this.#open.push({ error, file, records, bytes, perByte });
    else {
      known.records += records;
      known.bytes += bytes;
    }
  }

  /** The end of a file: what is open gets its numbers, shared out by bytes, or estimated. */
  settle(measure: Measure): void {
    const all = this.openBytes;
    let before = 0;
    let given = 0;
    for (const loss of this.#open) {
      before += loss.bytes;
      const share =
        'rest' in measure
          ? Math.round((measure.rest * before) / all) - given
          : // Something is lost for certain.
            Math.max(loss.records > 0 ? 0 : 1, Math.round(loss.bytes * (loss.perByte ?? measure.perByte)));
      given += share;
      if ('perByte' in measure) this.estimated += share;
      this.#count(loss.error.fault, share);
      this.#keep({ ...loss, records: loss.records + share }, 'perByte' in measure);
    }
    this.#open = [];
  }

  #count(fault: FormatFault, records: number): void {
    this.count += records;
    this.byFault[fault] = (this.byFault[fault] ?? 0) + records;
  }

  #keep({ error, file, records }: OpenLoss, estimated: boolean): void {
    if (this.lines.length >= MAX_LINES) return;
    const { fault, message, facts } = error;
    const { position, ordinal, expected, found } = facts;
    const line = { file, fault, message, position, ordinal, expected, found, records };
    this.lines.push(JSON.stringify({ ...line, ...(estimated && { estimated }) }));
  }
}
