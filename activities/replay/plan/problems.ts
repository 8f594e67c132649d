import { ConnectionError } from '../../../connections/connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { PlannedStep, PlanProblem } from './replay-plan.ts';

const LISTED = 25;
const LONGEST_MESSAGE = 600;

/** Gathers what would end the job, where the job itself would stop at the first. */
export class Problems {
  readonly #found = new Map<string, PlanProblem>();

  /** Does a part of the planning; undefined where a problem ended it. What nobody can do anything about is thrown. */
  async in<T>(step: PlannedStep, part: () => Promise<T>): Promise<T | undefined> {
    try {
      return await part();
    } catch (error) {
      this.add(step, error);
      return undefined;
    }
  }

  /** @throws whatever is no finding about the job: servers that are away, faults of ours */
  add(step: PlannedStep, error: unknown, file?: string): void {
    const type = typeOf(error);
    if (type === undefined) throw error;
    const known = this.#found.get(`${step} ${type}`);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    const message =
      error instanceof FormatError && file !== undefined && !error.message.startsWith(file)
        ? error.describe(file)
        : (error as Error).message;
    this.#found.set(`${step} ${type}`, { type, step, message: shortened(message), more: 0 });
  }

  /** In the order of the steps. */
  get list(): PlanProblem[] {
    const order: PlannedStep[] = ['validate', 'offsets', 'list', 'claim', 'decode', 'publish', 'commit'];
    return [...this.#found.values()].sort((a, b) => order.indexOf(a.step) - order.indexOf(b.step)).slice(0, LISTED);
  }
}

function typeOf(error: unknown): string | undefined {
  if (error instanceof JobError) return `rewind.job.${error.code}`;
  if (error instanceof FormatError) return `rewind.format.${error.fault}`;
  if (error instanceof ConnectionError && !error.retryable) return `rewind.connection.${error.fault}`;
  return undefined;
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)} ...`;
}
