import type { GroundTruth } from '../../test/support/camus-archive/ground-truth.ts';
import { canonicalText } from './canonical-text.ts';

/** How many differences are told in detail. */
const TOLD = 5;

/**
 * Compares the records of a replay topic of one partition with what the archive holds, as they stream by: their number,
 * their order by time, and every byte of their Avro-JSON. Records of one time may come in any order, and so may the
 * entries of a map, which Java keeps by hash.
 */
export class ReplayedRecords {
  readonly #truth: GroundTruth;
  readonly #differences: string[] = [];
  /** Position of the first record of the time in hand, and the values that came for it. */
  #first = 0;
  #values: Uint8Array[] = [];
  #beyond = 0;
  #wrong = 0;

  constructor(truth: GroundTruth) {
    this.#truth = truth;
  }

  /** In the order of their offsets. */
  take(value: Uint8Array | null): void {
    const position = this.#first + this.#values.length;
    if (position >= this.#truth.total) {
      this.#beyond += 1;
      return;
    }
    this.#values.push(value ?? Buffer.alloc(0));
    const next = position + 1;
    if (next < this.#truth.total && this.#truth.time(next) === this.#truth.time(this.#first)) return;
    this.#compare();
    this.#first = next;
    this.#values = [];
  }

  /** @throws Error with the first differences where there are any */
  assertRight(): void {
    const { total } = this.#truth;
    const taken = this.#first + this.#values.length + this.#beyond;
    const told = [...this.#differences];
    if (taken !== total) told.unshift(`${taken} records, expected ${total}`);
    if (this.#wrong > told.length) told.push(`${this.#wrong} times with other records than expected`);
    if (told.length > 0) throw new Error(`the replay topic is not as expected: ${told.join('\n')}`);
  }

  #compare(): void {
    const expected = this.#values.map((_, index) => this.#truth.json(this.#first + index));
    const found = this.#values.map((value) => Buffer.from(value.buffer, value.byteOffset, value.length).toString());
    if (expected.every((text, index) => text === found[index])) return;
    const wanted = expected.map(canonicalText).sort();
    const came = found.map(canonicalText).sort();
    const at = wanted.findIndex((text, index) => text !== came[index]);
    if (at < 0) return;
    this.#wrong += 1;
    if (this.#differences.length < TOLD)
      this.#differences.push(
        `time ${this.#truth.time(this.#first)}, records ${this.#first} and following: expected ${wanted[at]}, found ${came[at]}`,
      );
  }
}
