import { ByteWriter } from '../../../formats/byte-writer.ts';
import type { EntryOrigin, SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';

/**
 * The records of the offset at hand, the first of each partition: what a repeat is compared with. In a sequence that is
 * sorted by offsets all that have the same one stand together, so memory holds copies of those of one offset: the memory
 * that an entry stands in is used again when its section is read on.
 */
export class FirstBodies {
  #hi = -1;
  #lo = -1;
  readonly #partitions: number[] = [];
  readonly #bodies = new ByteWriter();
  /** Of each two: where the body begins and ends in `bodies`. */
  readonly #ends: number[] = [];
  readonly #files: EntryOrigin[] = [];
  readonly #numbers: number[] = [];

  /** Whether an entry has another offset than the one at hand. */
  isBehind({ timeHi, timeLo }: SortedEntry): boolean {
    return timeHi !== this.#hi || timeLo !== this.#lo;
  }

  /** Takes the first record of a partition with its offset. */
  take(partition: number, entry: SortedEntry): void {
    if (this.isBehind(entry)) {
      this.#hi = entry.timeHi;
      this.#lo = entry.timeLo;
      for (const each of [this.#partitions, this.#bodies, this.#ends, this.#files, this.#numbers]) each.length = 0;
    }
    this.#partitions.push(partition);
    const from = this.#bodies.length;
    this.#bodies.append(entry.bytes, entry.bodyStart, entry.bodyEnd);
    this.#ends.push(from, this.#bodies.length);
    this.#files.push(entry.sortedFile);
    this.#numbers.push(entry.file);
  }

  /** Path of the file that the first record stands in, where a repeat of it holds anything else; else undefined. */
  unlike(partition: number, { bytes, bodyStart, bodyEnd }: SortedEntry): string | undefined {
    const index = this.#partitions.indexOf(partition);
    if (index < 0) throw new RangeError(`partition ${partition} has no record of the offset at hand`);
    const first = this.#bodies.bytes.subarray(this.#ends[index * 2], this.#ends[index * 2 + 1]);
    if (Buffer.compare(first, bytes.subarray(bodyStart, bodyEnd)) === 0) return undefined;
    return this.#files[index]!.files.file(this.#numbers[index]!).path;
  }
}
