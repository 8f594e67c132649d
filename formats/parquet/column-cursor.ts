import { FormatError } from '../format-error.ts';
import type { ColumnPages, Page } from './column-pages.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { ValueSlices } from './value-slices.ts';

/** Walks the values of a column in a row group. Between `load` and the row's end nothing is waited for. */
export class ColumnCursor {
  readonly node: SchemaNode;
  readonly #pages: ColumnPages;
  #page: Page | undefined;
  /** Where the row begins that the page holds last: it may go on in the next page. */
  #lastRow = 0;
  #at = 0;
  #value = 0;
  #ended = false;

  constructor(node: SchemaNode, pages: ColumnPages) {
    this.node = node;
    this.#pages = pages;
  }

  /** Whether all of the row at hand is in memory. */
  get isReady(): boolean {
    if (this.#page === undefined) return this.#ended;
    if (this.#at < this.#lastRow || this.#ended) return true;
    return this.node.repeat === 0 && this.#at < this.#page.count;
  }

  async load(signal?: AbortSignal): Promise<void> {
    while (!this.isReady) {
      const next = await this.#pages.next(signal);
      if (next === undefined) this.#ended = true;
      else if (next.count > 0) this.#take(next);
    }
  }

  get atEnd(): boolean {
    return this.#at >= (this.#page?.count ?? 0);
  }

  /** Byte of the page at hand. */
  get position(): number {
    return this.#page?.position ?? 0;
  }

  /** Definition level of the value at hand; -1 where there is none more. */
  get definition(): number {
    const page = this.#page;
    if (page === undefined || this.#at >= page.count) return -1;
    return page.definition === undefined ? this.node.definition : page.definition[this.#at]!;
  }

  /** Repetition level of the value at hand; 0 at the end, too. */
  get repetition(): number {
    return this.#page?.repetition?.[this.#at] ?? 0;
  }

  /** How many items a list has that begins here and repeats at this level. */
  items(level: number): number {
    const levels = this.#page?.repetition;
    let items = 1;
    if (levels === undefined) return items;
    for (let at = this.#at + 1; at < levels.length && levels[at]! >= level; at += 1)
      if (levels[at] === level) items += 1;
    return items;
  }

  /** Passes over a null. */
  skip(): void {
    if (this.definition === this.node.definition) throw this.#damaged('a null', 'a value');
    this.#step();
  }

  /** The place of the value at hand among `slices`, and goes on behind it. */
  take(): number {
    const { definition } = this;
    if (definition !== this.node.definition)
      throw this.#damaged('a value', definition < 0 ? 'the end of the column' : 'a null');
    this.#step();
    this.#value += 1;
    return this.#value - 1;
  }

  get slices(): ValueSlices {
    return this.#page!.values;
  }

  #step(): void {
    if (this.#page === undefined || this.#at >= this.#page.count)
      throw this.#damaged('a value or a null', 'the end of the column');
    this.#at += 1;
  }

  #take(next: Page): void {
    const page = this.#page;
    this.#page = page === undefined || this.#at >= page.count ? next : this.#joined(page, next);
    this.#at = 0;
    this.#value = 0;
    this.#lastRow = this.#page.repetition?.lastIndexOf(0) ?? this.#page.count - 1;
  }

  /** What is left of a page, before the next one. */
  #joined(page: Page, next: Page): Page {
    const left = page.count - this.#at;
    const levels = (kind: 'repetition' | 'definition', all: number): Int32Array => {
      const joined = new Int32Array(left + next.count).fill(all);
      if (page[kind] !== undefined) joined.set(page[kind].subarray(this.#at));
      if (next[kind] !== undefined) joined.set(next[kind], left);
      return joined;
    };
    const [first, second] = [page.values, next.values];
    const shift = first.bytes.length;
    return {
      position: next.position,
      count: left + next.count,
      repetition: levels('repetition', 0),
      definition: levels('definition', this.node.definition),
      values: {
        bytes: Buffer.concat([first.bytes, second.bytes]),
        starts: Int32Array.from([...first.starts.subarray(this.#value), ...second.starts.map((at) => at + shift)]),
        ends: Int32Array.from([...first.ends.subarray(this.#value), ...second.ends.map((at) => at + shift)]),
      },
    };
  }

  #damaged(expected: string, found: string): FormatError {
    return new FormatError('corrupt', `the column ${this.node.name} does not fit to the others`, {
      position: this.position,
      expected,
      found,
    });
  }
}
