import type { ArchiveName } from '../../formats/camus/archive-names.ts';

/**
 * A failed Camus run leaves its files and may not have advanced its offsets, so the next run archives the same records
 * again. Then a partition's files hold more records (COUNT in their names) than the span of their offsets.
 */
export class DuplicateCheck {
  readonly #partitions = new Map<string, { records: bigint; from: bigint; to: bigint }>();

  add(partition: string, { count, nextOffset, bucketStartMs }: ArchiveName): void {
    // Offsets of Kafka 0.7 (names without a bucket) are bytes: they can't be compared with a number of records.
    if (bucketStartMs === undefined) return;
    const from = nextOffset - BigInt(count);
    const known = this.#partitions.get(partition) ?? { records: 0n, from, to: nextOffset };
    known.records += BigInt(count);
    if (from < known.from) known.from = from;
    if (nextOffset > known.to) known.to = nextOffset;
    this.#partitions.set(partition, known);
  }

  /** A line for each partition that seems to hold records twice: a file with late records begins before next - count. */
  remarks(): string[] {
    return [...this.#partitions]
      .filter(([, { records, from, to }]) => records > to - from)
      .map(
        ([partition, { records, from, to }]) =>
          `partition ${partition} has ${records} records in files that span ${to - from} offsets (${from} to ${to - 1n})`,
      );
  }
}
