import { localToUtc } from '../../formats/text/local-time.ts';
import type { ArchiveClock, TimeSpan } from '../archive-layout.ts';
import { folderDate } from '../folder-date.ts';

const MINUTE = 60_000;
/** Clocks that change: an hour on both sides, and one more for a sink whose clock differs. */
const MARGIN = 120 * MINUTE;

/** The folder of a path, without what follows the last slash. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * The times of the records in a folder of a time-based partitioner (`path.format` with year=, month=, day=, hour=, or
 * NAME=yyyy-MM-dd), in its `timezone`; undefined for other folders, such as those of a field.
 */
export function folderSpan(folder: string, { timeZone, bucketMinutes }: ArchiveClock): TimeSpan | undefined {
  const date = folderDate(folder);
  if (date === undefined) return undefined;
  const start = zoneOf(timeZone)(date.at);
  // `partition.duration.ms` may be longer than what the folder's name tells.
  const length = Math.max(date.length, (bucketMinutes ?? 0) * MINUTE);
  return { from: start - MARGIN, to: start + length + MARGIN, by: 'folder' };
}

/**
 * The partition that the default partitioner's folder is named for, `partition=N`: it holds every offset between the
 * first and the last in a name, but for those that the log itself lacks. A field may have the same name.
 */
export function folderPartition(folder: string): number | undefined {
  const digits = /\/partition=(\d+)$/.exec(folder)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Making one takes longer than using it, and an archive has a million files. */
const zones = new Map<string, (localMillis: number) => number>();

function zoneOf(timeZone: string): (localMillis: number) => number {
  const known = zones.get(timeZone) ?? localToUtc(timeZone);
  zones.set(timeZone, known);
  return known;
}
