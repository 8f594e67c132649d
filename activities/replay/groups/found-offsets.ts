import type { TranslatedPart } from './translated-part.ts';

/** New offsets by partition and old offset, and how far each partition was read for them. */
export class FoundOffsets {
  readonly #topicId: string;
  readonly #partitions = new Map<number, { found: Map<bigint, bigint>; from: bigint | undefined }>();

  /** @param part what an attempt before has found: of another topic it is worth nothing */
  constructor(topicId: string, part: TranslatedPart | undefined) {
    this.#topicId = topicId;
    if (part?.topicId !== topicId) return;
    for (const { partition, found, from } of part.partitions) {
      const offsets = Object.entries(found).map(([old, now]) => [BigInt(old), BigInt(now)] as const);
      this.#partitions.set(partition, {
        found: new Map(offsets),
        from: from === undefined ? undefined : BigInt(from),
      });
    }
  }

  /** Partitions that are read. */
  get done(): number {
    return [...this.#partitions.values()].filter(({ from }) => from === undefined).length;
  }

  /** Where a partition is to be read from; undefined where it is done. */
  begin(partition: number): bigint | undefined {
    const known = this.#partitions.get(partition) ?? { found: new Map<bigint, bigint>(), from: 0n };
    this.#partitions.set(partition, known);
    return known.from;
  }

  of(partition: number, old: bigint): bigint | undefined {
    return this.#partitions.get(partition)?.found.get(old);
  }

  add(partition: number, old: bigint, now: bigint): void {
    this.#partitions.get(partition)!.found.set(old, now);
  }

  /** All before `next` was read. */
  passed(partition: number, next: bigint): void {
    this.#partitions.get(partition)!.from = next;
  }

  end(partition: number): void {
    this.#partitions.get(partition)!.from = undefined;
  }

  part(): TranslatedPart {
    const partitions = [...this.#partitions].map(([partition, { found, from }]) => ({
      partition,
      found: Object.fromEntries([...found].map(([old, now]) => [String(old), String(now)])),
      ...(from === undefined ? {} : { from: String(from) }),
    }));
    return { topicId: this.#topicId, partitions };
  }
}
