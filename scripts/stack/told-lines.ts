const ELSEWHERE_MS = 5_000;

/**
 * Lines for who watches a start: those that stay, and one that tells what is going on now, which is drawn over on a terminal
 * every second, and elsewhere printed every five.
 */
export class ToldLines {
  readonly #out: NodeJS.WriteStream;
  readonly #indent: string;
  #printedAt = Date.now();
  #drawn = false;

  constructor(out: NodeJS.WriteStream, indent = '') {
    this.#out = out;
    this.#indent = indent;
  }

  readonly line = (text: string): void => {
    this.clear();
    this.#printedAt = Date.now();
    this.#out.write(`${this.#indent}${text}\n`);
  };

  readonly now = (text: string): void => {
    if (this.#out.isTTY) {
      // A line that wraps could not be drawn over.
      const width = Math.max(20, (this.#out.columns || 80) - this.#indent.length - 1);
      this.#out.write(`\r\x1b[K${this.#indent}${text.slice(0, width)}`);
      this.#drawn = true;
    } else if (Date.now() - this.#printedAt >= ELSEWHERE_MS) this.line(text);
  };

  /** Takes away what was drawn. */
  clear(): void {
    if (this.#drawn) this.#out.write('\r\x1b[K');
    this.#drawn = false;
  }

  /** Tells every second how long something takes already. */
  async during<T>(text: () => string, work: Promise<T>): Promise<T> {
    const began = Date.now();
    const timer = setInterval(() => this.now(`${text()}: ${Math.round((Date.now() - began) / 1000)} s`), 1000);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.clear();
    }
  }
}
