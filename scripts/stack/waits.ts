import { downloadsOf } from './downloads-in-log.ts';

const EVERY_MS = 1000;

/** What the start of a stack waits for, told every second until it is over. */
export class Waits {
  readonly #began = Date.now();
  readonly #names = new Set<string>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(onTick: ((line: string) => void) | undefined) {
    if (onTick === undefined) return;
    this.#timer = setInterval(() => {
      if (this.#names.size > 0) onTick(this.#line());
    }, EVERY_MS);
  }

  async during<T>(name: string, work: Promise<T>): Promise<T> {
    this.#names.add(name);
    try {
      return await work;
    } finally {
      this.#names.delete(name);
    }
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #line(): string {
    const each = [...this.#names].map((name) => {
      const downloads = downloadsOf(name, this.#began);
      return downloads === undefined ? name : `${name} (${downloads})`;
    });
    return `waiting for ${each.join(', ')}: ${Math.round((Date.now() - this.#began) / 1000)} s`;
  }
}
