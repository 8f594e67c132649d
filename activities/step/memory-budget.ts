/**
 * The one memory budget of a worker process: whoever needs a large buffer takes its bytes from here first and waits
 * in line. First come, first served, so nobody starves.
 */
export class MemoryBudget {
  readonly total: number;
  #free: number;
  readonly #waiting: { bytes: number; grant: () => void }[] = [];

  constructor(totalBytes: number) {
    this.total = totalBytes;
    this.#free = totalBytes;
  }

  /** Whether somebody waits for memory. */
  get isWanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Waits for `bytes` (at most the whole budget is ever asked for); returns the function that gives them back. */
  async take(bytes: number, signal?: AbortSignal): Promise<() => void> {
    const wanted = Math.min(bytes, this.total);
    if (this.#waiting.length > 0 || wanted > this.#free) await this.#wait(wanted, signal);
    else this.#free -= wanted;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#free += wanted;
      this.#serve();
    };
  }

  #wait(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        const index = this.#waiting.indexOf(place);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason as Error);
        this.#serve();
      };
      const place = {
        bytes,
        grant: () => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        },
      };
      if (signal?.aborted === true) return reject(signal.reason as Error);
      signal?.addEventListener('abort', aborted, { once: true });
      this.#waiting.push(place);
    });
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.grant();
    }
  }
}
