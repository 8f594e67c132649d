import type { FileFacts } from '../../../layouts/archive-layout.ts';
import { OffsetRanges, rangeText } from '../../../layouts/offset-ranges.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';

/** Holes, and beginnings of partitions, that are named; a number stands for the others. */
const NAMED = 10;

/**
 * Holds the offsets that names tell against one another, and against those that are pinned. For layouts alone whose
 * names tell the first offset: what a run archived is compared with its history elsewhere (missing-runs.ts).
 */
export class OffsetCoverage {
  readonly #ranges = new Map<string, OffsetRanges>();
  readonly #pins: PinnedOffsets | undefined;
  #across = 0;
  #firstAcross: string | undefined;

  constructor(pins: PinnedOffsets | undefined) {
    this.#pins = pins;
  }

  add(partition: string, { firstOffset, nextOffset }: FileFacts): void {
    if (firstOffset === undefined || nextOffset === undefined) return;
    const known = this.#ranges.get(partition) ?? new OffsetRanges();
    known.add(firstOffset, nextOffset);
    this.#ranges.set(partition, known);
  }

  /** A file that is left out, since it came after the pinned offsets: it may have begun before them. */
  addLater(partition: string, path: string, { firstOffset }: FileFacts): void {
    const pinned = this.#pins?.next[partition];
    if (firstOffset === undefined || pinned === undefined || firstOffset >= BigInt(pinned)) return;
    this.#across += 1;
    this.#firstAcross ??= path;
  }

  remarks(): string[] {
    const begun = [...this.#ranges].filter(([, { first = 0n }]) => first > 0n);
    const list = begun.slice(0, NAMED).map(([partition, { first = 0n }]) => `partition ${partition} at ${first}`);
    const more = begun.length > NAMED ? ` and ${begun.length - NAMED} more` : '';
    return [
      ...(begun.length > 0
        ? [`the archive begins later than the topic did (retention leaves that, too): ${list.join(', ')}${more}`]
        : []),
      ...this.#reasons(),
    ];
  }

  /** Why records are missing; undefined where no name says so. */
  incomplete(): string | undefined {
    const reasons = this.#reasons();
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }

  #reasons(): string[] {
    if (this.#ranges.size === 0) return [];
    const holes = [...this.#ranges].flatMap(([partition, ranges]) => {
      const pinned = this.#pins?.next[partition];
      return ranges.holes(pinned === undefined ? undefined : BigInt(pinned)).map((hole) => ({ partition, hole }));
    });
    const named = holes.slice(0, NAMED).map(({ partition, hole }) => `partition ${partition}: ${rangeText(hole)}`);
    const more = holes.length > NAMED ? ` and ${holes.length - NAMED} more` : '';
    const unread = Object.keys(this.#pins?.next ?? {}).filter((partition) => !this.#ranges.has(partition));
    return [
      ...(holes.length > 0
        ? [
            `no file that is read has these offsets (transaction markers, compaction and null values leave such holes, and so do lost files): ${named.join('; ')}${more}`,
          ]
        : []),
      ...(unread.length > 0 ? [`no file of partition ${unread.slice(0, NAMED).join(', ')} is read`] : []),
      ...(this.#across > 0
        ? [
            `${this.#firstAcross}${this.#across > 1 ? ` and ${this.#across - 1} more files` : ''}: committed after the offsets were pinned, with records from before them`,
          ]
        : []),
    ];
  }
}
