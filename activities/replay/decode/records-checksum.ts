import { crc32c } from '@node-rs/crc32';
import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';

/**
 * Tells whether the records of a split that is decoded once more are the very same: over their times, places, partitions
 * and bodies in the order of decoding, wherever runs begin and end.
 */
export class RecordsChecksum {
  readonly #sums = new Uint32Array(6);

  add({ count, timeHi, timeLo, sequence, file, partition, ends, bodies }: SortedRun): void {
    if (count === 0) return;
    const columns = [timeHi, timeLo, sequence, file, partition].map((column) => bytesOf(column, count));
    for (const [index, bytes] of [...columns, bodies.subarray(0, ends[count - 1])].entries())
      this.#sums[index] = crc32c(bytes, this.#sums[index]);
  }

  /** 32 bits. */
  get value(): number {
    return crc32c(bytesOf(this.#sums, this.#sums.length));
  }
}

/** That of several, in their order, behind what came before. */
export function chained(before: number, checksums: readonly number[]): number {
  return crc32c(bytesOf(Uint32Array.from(checksums), checksums.length), before);
}

function bytesOf({ buffer, byteOffset }: Int32Array | Uint32Array, count: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset, count * 4);
}
