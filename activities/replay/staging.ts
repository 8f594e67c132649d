import { createHash } from 'node:crypto';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { StagedFiles } from '../step/staged-files.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { STORED_JOB } from './job/stored-job.ts';

/** Names of the folder of a window that is staged, and of the counts of windows up to one, with its number. */
export const WINDOW_FOLDER = /\/window-(\d+)$/;
export const WINDOW_COUNTS = /\/window-(\d+)\.json$/;

/** The folder of a replay on HDFS: what is in it, and under which names. */
export class Staging extends StagedFiles<ReplayJob> {
  protected override readonly folders = ['sorted'];
  protected override readonly format = STORED_JOB;
  /** Of one window: what is sorted and merged for it alone is in a folder that goes when the window is out. */
  readonly #window: string | undefined;

  /** `window`: number of the one that is staged; undefined: the job is sorted as a whole, or nothing of this is asked. */
  constructor(store: FileStore, folder: string, window?: number) {
    super(store, folder);
    this.#window = window === undefined ? undefined : `${folder}/window-${window}`;
  }

  get offsets(): string {
    return `${this.folder}/offsets.json`;
  }
  get manifest(): string {
    return `${this.folder}/manifest`;
  }
  get schema(): string {
    return `${this.folder}/output-schema.avsc`;
  }
  /** What there is to merge after so many rounds of merge passes. */
  catalogue(level: number): string {
    return `${this.#window ?? this.folder}/catalogue-${level}.jsonl`;
  }
  /** The passes of the round that merges from the catalogue of this level. */
  mergePlan(level: number): string {
    return `${this.#window ?? this.folder}/merge-plan-${level}.jsonl`;
  }
  /** The sorted file of a split, or of a merge pass over several. */
  sorted(name: string): string {
    return `${this.#window ?? this.#sorted}/${name}`;
  }
  /** Makes the folder of the window. */
  async beginWindow(signal?: AbortSignal): Promise<void> {
    if (this.#window !== undefined) await this.makeFolders([this.#window], signal);
  }
  get #sorted(): string {
    return `${this.folder}/sorted`;
  }
  /** What became of the records of all windows up to one. */
  windowTotals(window: number): string {
    return `${this.#sorted}/window-${window}.json`;
  }
  /** Which offsets there are, of a job that is sorted by those of its records. */
  get census(): string {
    return `${this.folder}/offset-census.json`;
  }
  /** Offsets of the groups that are translated, as they were when the job began. */
  get groups(): string {
    return `${this.folder}/groups.json`;
  }
  /** The same in the replay topic. */
  get groupOffsets(): string {
    return `${this.folder}/group-offsets.json`;
  }
  get errorsFolder(): string {
    return `${this.folder}.errors`;
  }
  /** All that the listing remarks, where it is too much for a payload. */
  get remarks(): string {
    return `${this.errorsFolder}/list-remarks.txt`;
  }
  /** Makes the folder that outlives the job. */
  beginErrors(signal?: AbortSignal): Promise<void> {
    return this.makeFolders([this.errorsFolder], signal);
  }
  /** What a split skipped; beside the job's folder, since it stays when that is cleaned. */
  errors(split: number): string {
    return `${this.errorsFolder}/split-${split}.jsonl`;
  }
}

/** Where jobs were staged before there was a better place: release 0.1.0 and older. */
export const OLDER_STAGING = '/tmp/rewind';

/** HDFS takes names of 255 bytes (dfs.namenode.fs-limits.max-component-length); `.errors` comes on top. */
const LONGEST_NAME = 240;

/** Folder of one job: readable for people, and unlike any other job's. */
export function stagingFolder(base: string, topic: string, jobId: string): string {
  const name = encodeURIComponent(jobId).replaceAll('%', '_');
  const hash = (): string => createHash('sha256').update(jobId).digest('hex').slice(0, 16);
  const short = name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 17)}.${hash()}`;
  return `${base.replace(/\/+$/, '')}/${topic}/${short}`;
}
