import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import type { FileFacts } from '../../../layouts/archive-layout.ts';
import { entryName } from '../../../layouts/archive-tree.ts';
import { rangeText } from '../../../layouts/offset-ranges.ts';
import { SharedEnds } from './shared-ends.ts';

interface NamedRange {
  path: string;
  from: bigint;
  to: bigint;
}

/** Overlaps that are named; a number stands for the others. */
const NAMED = 5;

/**
 * Finds files whose names share offsets though they lie in one folder: their records are there twice. Files of other
 * folders may hold the offsets between, as where a partitioner has a folder for each hour, but not the first and the last.
 * Memory holds the names of one folder, and a bounded number of others.
 */
export class Overlaps {
  #folder: string | undefined;
  #byPartition = new Map<string, NamedRange[]>();
  readonly #ends = new SharedEnds();
  readonly #named: string[] = [];
  #more = 0;

  /** Files of a folder come one after the other. */
  add(
    partition: string,
    path: string,
    { firstOffset, nextOffset }: Pick<FileFacts, 'firstOffset' | 'nextOffset'>,
  ): void {
    if (firstOffset === undefined || nextOffset === undefined) return;
    const folder = parentPath(path);
    if (folder !== this.#folder) this.#end();
    const shared = this.#ends.add(partition, path, { firstOffset, nextOffset });
    if (shared !== undefined)
      this.#tell(
        `${path} has ${rangeText({ from: shared.offset, to: shared.offset + 1n })}, and so has ${shared.path}`,
      );
    this.#folder = folder;
    const ranges = this.#byPartition.get(partition);
    const range = { path, from: firstOffset, to: nextOffset };
    if (ranges === undefined) this.#byPartition.set(partition, [range]);
    else ranges.push(range);
  }

  /** A line for each file that has offsets of one before it: the first few. To be asked at the end. */
  remarks(): string[] {
    this.#end();
    return this.#more === 0 ? [...this.#named] : [...this.#named, `${this.#more} more files overlap others`];
  }

  #end(): void {
    for (const ranges of this.#byPartition.values()) {
      ranges.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
      let widest: NamedRange | undefined;
      for (const range of ranges) {
        if (widest !== undefined && range.from < widest.to) this.#take(range, widest);
        if (widest === undefined || range.to > widest.to) widest = range;
      }
    }
    this.#byPartition = new Map();
  }

  #take(range: NamedRange, before: NamedRange): void {
    const shared = { from: range.from, to: range.to < before.to ? range.to : before.to };
    this.#tell(`${range.path} has ${rangeText(shared)}, and so has ${entryName(before.path)} beside it`);
  }

  #tell(line: string): void {
    if (this.#named.length < NAMED) this.#named.push(line);
    else this.#more += 1;
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
