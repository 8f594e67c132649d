import { KeptOffsets } from '../../../../activities/replay/decode/kept-offsets.ts';
import { OffsetCensus, type Census } from '../../../../activities/replay/merge/offset-census.ts';
import type { PartitionRuns } from '../../../../activities/replay/merge/offset-runs.ts';
import type { SortedEntry } from '../../../../formats/sorted/file/sorted-entry.ts';

export type Place = [partition: number, offset: number];

/** What a split whose records have these offsets tells of them. */
export function told(places: readonly Place[]): PartitionRuns[] | undefined {
  const kept = new KeptOffsets();
  for (const [partition, offset] of places) kept.take(partition, Math.floor(offset / 2 ** 32), offset >>> 0);
  return kept.finish();
}

/** The census of going through all records in their order. */
export function counted(places: readonly Place[]): Census {
  const census = new OffsetCensus();
  const files = { sourcePartitions: new Int32Array([0, 1, 2]) };
  for (const [partition, offset] of places.toSorted(([, a], [, b]) => a - b))
    census.take({
      sortedFile: { files },
      file: partition,
      partition,
      timeHi: Math.floor(offset / 2 ** 32),
      timeLo: offset >>> 0,
      bytes: Buffer.alloc(0),
      bodyStart: 0,
      bodyEnd: 0,
    } as unknown as SortedEntry);
  return census.result('f');
}
