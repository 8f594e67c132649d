import { createHash } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { StagedFiles } from '../step/staged-files.ts';
import { STORED_RANGES, type RangesJob } from './job/ranges-job.ts';

/** A name of HDFS holds 255 bytes, and an attempt's has 37 more. */
const LONGEST_ID = 180;

/**
 * The folder of a job of ranges on HDFS: what is in it, and under which names. Jobs for the same groups and topics come
 * one after the other to the same folder, so names tell whose they are: a worker that slept through the end of its job
 * must not lay down what the next one would take for its own.
 */
export class RangesFiles extends StagedFiles<RangesJob> {
  protected override readonly folders = ['ranges'];
  protected override readonly format = STORED_RANGES;
  readonly #job: string;

  /** @param job - id of the job that the plan is of */
  constructor(store: FileStore, folder: string, job: string) {
    super(store, folder);
    this.#job = createHash('sha256').update(job).digest('hex').slice(0, 16);
  }

  /** What is read, pinned. */
  get plan(): string {
    return `${this.folder}/plan-${this.#job}.jsonl`;
  }
  /** What a range has come to: the summary of its function, and counts. */
  report(id: string): string {
    const hash = (): string => createHash('sha256').update(id).digest('hex').slice(0, 16);
    return `${this.folder}/ranges/${id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 17)}-${hash()}`}.json`;
  }
  /** What `finish` has returned. */
  get finished(): string {
    return `${this.folder}/finished-${this.#job}.json`;
  }
  /** Of values that could not be decoded; it stays when the folder goes. */
  get skippedFolder(): string {
    return `${this.folder}.errors`;
  }
  skipped(range: number): string {
    return `${this.skippedFolder}/${this.#job}-range-${range}.jsonl`;
  }
  /** Makes the folder that outlives the job. */
  beginSkipped(signal?: AbortSignal): Promise<void> {
    return this.makeFolder(this.skippedFolder, signal);
  }
}
