import { recordFormat } from '../../../formats/record-formats.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { ReplayJob } from './replay-job.ts';

/** Whether the records of a job's archive tell their source partition and offset themselves. */
export function tellsOffsets({ archive: { format } }: { archive: Pick<ReplayJob['archive'], 'format'> }): boolean {
  return format !== 'auto' && recordFormat({ format }).tellsOffsets === true;
}

/**
 * Whether a job's sequence is that of the records' own offsets: they sort it, and a record that is in the archive twice
 * is known by them. Else the order `offset` is that of the offsets in names, by which records can't be told apart.
 */
export function ordersByRecords(job: Pick<ReplayJob, 'order'> & Parameters<typeof tellsOffsets>[0]): boolean {
  return job.order === 'offset' && tellsOffsets(job);
}

/** Whether the offsets to commit are those that records tell, one past the last of each partition: nothing else keeps any. */
export function goesOnBehindRecords(job: Pick<ReplayJob, 'archive' | 'order'>): boolean {
  return layoutOf(job.archive.layout).history === undefined && ordersByRecords(job);
}
