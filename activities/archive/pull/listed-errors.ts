import type { PulledError } from './pull-report.ts';

/** Errors of one range that are listed, so that one bad topic doesn't fill a report. */
const MOST_ERRORS = 1000;

/** Bad records of one range: the first by name, and of the others how many there are, and up to where. */
export class ListedErrors {
  readonly #topic: string;
  readonly #partition: number;
  readonly lines: PulledError[] = [];
  #more = 0;

  constructor({ topic, partition }: { topic: string; partition: number }) {
    this.#topic = topic;
    this.#partition = partition;
  }

  add(offset: bigint, message: string): void {
    const [topic, partition] = [this.#topic, this.#partition];
    const line = { kind: 'error', topic, partition, offset: String(offset) } as const;
    if (this.lines.length < MOST_ERRORS) {
      this.lines.push({ ...line, message });
      return;
    }
    this.#more += 1;
    const more = `${topic}-${partition}: ${this.#more} more bad records up to offset ${offset}, counted by their reasons in rewind.json`;
    this.lines[MOST_ERRORS] = { ...line, message: more };
  }
}
