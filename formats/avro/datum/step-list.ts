import type { Skip } from './skip-compiler.ts';
import type { Step } from './step.ts';
import { constantOf, putConstant, putVerbatim } from './step.ts';

/** Puts steps in a row, and makes one of constants that meet, and one of neighbours that are copied as they are. */
export class StepList {
  readonly #steps: Step[];
  #copied: Skip[] = [];
  #constant: Uint8Array = new Uint8Array(0);

  constructor(steps: Step[]) {
    this.#steps = steps;
  }

  addConstant(bytes: Uint8Array): void {
    this.#constant = Buffer.concat([this.#constant, bytes]);
  }

  addVerbatim(skip: Skip): void {
    if (this.#constant.length > 0) this.#flush();
    this.#copied.push(skip);
  }

  add(step: Step): void {
    const constant = this.#constant;
    if (this.#copied.length > 0 || constant.length === 0) {
      this.#flush();
      this.#steps.push(step);
      return;
    }
    this.#constant = new Uint8Array(0);
    const before = constantOf(constant);
    this.#steps.push((from, to) => {
      putConstant(before, to);
      step(from, to);
    });
  }

  finish(): void {
    this.#flush();
  }

  #flush(): void {
    if (this.#copied.length > 0) this.#steps.push(copying(this.#copied));
    const constant = constantOf(this.#constant);
    if (constant.size > 0) this.#steps.push((_from, to) => putConstant(constant, to));
    this.#copied = [];
    this.#constant = new Uint8Array(0);
  }
}

function copying(skips: Skip[]): Step {
  return (from, to) => {
    const start = from.position;
    for (let i = 0; i < skips.length; i++) skips[i]!(from);
    putVerbatim(from, start, to);
  };
}
