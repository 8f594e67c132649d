import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { SpareMemory } from '../../../formats/sorted/sort/sort-buffer.ts';
import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';

/**
 * Memory for the runs of a split: what came with the task, and what comes by its port for runs that were handed on. It is
 * looked for there when it is wanted: a thread that decodes comes to its events too seldom.
 */
export class SpareFromPort implements SpareMemory {
  readonly #runs: SortedRun[];
  readonly #port: MessagePort;

  constructor(runs: readonly SortedRun[], port: MessagePort) {
    this.#runs = [...runs];
    this.#port = port;
  }

  pop(): SortedRun | undefined {
    this.#receive();
    return this.#runs.pop();
  }

  /** All that is left, which is taken. */
  takeAll(): SortedRun[] {
    this.#receive();
    return this.#runs.splice(0);
  }

  #receive(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#runs.push(next);
  }

  #next(): SortedRun | undefined {
    const received = receiveMessageOnPort(this.#port) as { message: SortedRun } | undefined;
    return received?.message;
  }
}
