import { createHash } from 'node:crypto';

/**
 * Where a run keeps what it needs. Below DEST, hidden, the run's own folder: the data files are there until they are
 * renamed to where they belong, in the same encryption zone and under the same quota. Below EXEC, hidden, what
 * outlives a run: the claim and the decisions.
 */
export class ArchiveFolders {
  readonly #job: { staging: string; exec: string; history: string };

  constructor(job: { staging: string; exec: string; history: string }) {
    this.#job = job;
  }

  get staging(): string {
    return this.#job.staging;
  }
  get plan(): string {
    return `${this.#job.staging}/plan.jsonl`;
  }
  report(pull: number): string {
    return `${this.#job.staging}/reports/pull-${pull}.jsonl`;
  }
  get reports(): string {
    return `${this.#job.staging}/reports`;
  }
  /**
   * Data files of one attempt at a pull.
   *
   * @param plan - id of the plan, so that a run which is reset and plans anew has them elsewhere; older plans have none
   */
  attempt(pull: number, attempt: string, plan?: string): string {
    return `${this.#job.staging}/data${plan === undefined ? '' : `-${plan}`}/pull-${pull}-${attempt}`;
  }
  get claims(): string {
    return `${this.#job.exec}/.rewind/claims`;
  }
  get decisions(): string {
    return `${this.#job.exec}/.rewind/decisions`;
  }
  /** Marks of what was posted of the counts. */
  get audit(): string {
    return `${this.#job.exec}/.rewind/audit`;
  }
  /** Which files beyond the offsets of an execution of Camus were left by failed runs, as the first run behind it found. */
  leftovers(predecessor: string): string {
    return `${this.#job.exec}/.rewind/leftovers/${predecessor}.jsonl`;
  }
  /**
   * What comes after an execution; of all that would follow it, one can have this name.
   *
   * @param turn - how many decisions of this predecessor are void (decision/decision-after.ts)
   */
  decision(predecessor: string | undefined, turn = 0): string {
    return `${this.decisions}/${predecessor ?? FIRST}${turn === 0 ? '' : `.${turn}`}.jsonl`;
  }
  /** Says that the execution of a decision has been in HISTORY. */
  recorded(predecessor: string | undefined): string {
    return `${this.decisions}/${predecessor ?? FIRST}.recorded`;
  }
  /** Where an execution is built before it is renamed into HISTORY. */
  building(execution: string, attempt: string): string {
    return `${this.buildings}/${execution}-${attempt}`;
  }
  /** Runs that were thrown away, by job; empty files. */
  get discarded(): string {
    return `${this.#job.exec}/.rewind/discarded`;
  }
  discardedRun(job: string): string {
    return `${this.discarded}/${encodeURIComponent(job)}`;
  }
  get buildings(): string {
    return `${this.#job.exec}/.rewind/building`;
  }
  execution(name: string): string {
    return `${this.#job.history}/${name}`;
  }
}

/** Stands for the execution before the first one: no execution has such a name. */
const FIRST = 'none';

/** Where the runs of one archive are, below DEST: archives with other execution folders may share it. */
export function runsFolder(dest: string, exec: string): string {
  const archive = createHash('sha256').update(exec).digest('hex').slice(0, 12);
  return `${dest === '/' ? '' : dest.replace(/\/+$/, '')}/.rewind/${archive}`;
}

/** The folder of a run; its name tells whose it is, also where a worker that slept has made it again. */
export function runFolder(dest: string, exec: string, job: string): string {
  return `${runsFolder(dest, exec)}/${encodeURIComponent(job)}`;
}

/** The job whose folder has this name; undefined for what is no run's folder. */
export function jobOfFolder(name: string): string | undefined {
  try {
    const job = decodeURIComponent(name);
    return job.includes('/') && encodeURIComponent(job) === name ? job : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Longest name that HDFS takes (dfs.namenode.fs-limits.max-component-length). */
export const LONGEST_NAME = 255;
