import { append, emptyTally, sameRecords, type Cell, type CellTally } from '../tally/cell-tally.ts';
import type { Cells } from '../tally/cells.ts';
import { sideOf, type DifferingCell } from './differences.ts';

export interface ComparedCells {
  cells: number;
  /** In content first, then in order alone; each by partition and bucket. */
  differing: Pick<DifferingCell, 'partition' | 'bucket' | 'archive' | 'topic' | 'orderOnly'>[];
  partitions: Map<number, { archive: CellTally; topic: CellTally }>;
}

/** Compares two sides whose buckets are of one length. */
export function compareCells(archive: Cells, topic: Cells, ordered: boolean): ComparedCells {
  const differing: ComparedCells['differing'] = [];
  const partitions: ComparedCells['partitions'] = new Map();
  let cells = 0;
  for (const { cell, archived, logged } of bothSides(archive, topic)) {
    cells += 1;
    let sums = partitions.get(cell.partition);
    if (sums === undefined) partitions.set(cell.partition, (sums = { archive: emptyTally(), topic: emptyTally() }));
    append(sums.archive, archived);
    append(sums.topic, logged);
    if (sameRecords(archived, logged, ordered)) continue;
    differing.push({
      partition: cell.partition,
      bucket: Number.isNaN(cell.bucket) ? null : cell.bucket,
      archive: sideOf(archived),
      topic: sideOf(logged),
      orderOnly: sameRecords(archived, logged, false),
    });
  }
  differing.sort(
    (a, b) =>
      Number(a.orderOnly) - Number(b.orderOnly) || a.partition - b.partition || (a.bucket ?? -1) - (b.bucket ?? -1),
  );
  return { cells, differing, partitions };
}

export function* bothSides(
  archive: Cells,
  topic: Cells,
): Generator<{ cell: Cell; archived: CellTally; logged: CellTally }> {
  for (const { cell, tally } of archive.entries())
    yield { cell, archived: tally, logged: topic.get(cell) ?? emptyTally() };
  for (const { cell, tally } of topic.entries())
    if (archive.get(cell) === undefined) yield { cell, archived: emptyTally(), logged: tally };
}
