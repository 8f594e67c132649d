import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { folderDate } from '../../../layouts/folder-date.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from './manifest.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The times that a file's records may have, in ms since 1970 UTC, `to` exclusive. */
export interface ExpectedTimes {
  from: number;
  to: number;
  /** What says so: a bucket in the name, the folder, or nothing but what any archive can hold. */
  by: 'name' | 'folder' | 'nothing';
  /** What the bucket or the folder shows, in ms since 1970, a folder's as if its clock were at UTC. */
  shown: number | undefined;
}

/** Clocks of the world are at most this far behind and ahead of UTC; two hours of margin. */
const FARTHEST_ZONES = { behind: 12 * HOUR + 2 * HOUR, ahead: 14 * HOUR + 2 * HOUR };
/** A bucket of which nothing tells how long it is: partitioners of one's own have months at most. */
const LONGEST_BUCKET = 31 * DAY;
/**
 * Where no name tells: nothing before this is a time of a record in Kafka, which is younger; seconds, days and times of
 * day that are taken for milliseconds are all before it, and so are offsets and positions in a file.
 */
const EARLIEST = Date.UTC(1980, 0, 1);
/** The end of JavaScript's calendar. */
const LATEST = 8.64e15;
/** How far records may be dated ahead of the writing of their file. */
const AHEAD = 366 * DAY;

/**
 * The times that the records of a file may have. It is what leaving files out by their names relies on: a record
 * outside of it may be missed by a time range. The zone of folders is the job's business only where there is a range;
 * else any zone will do.
 */
export function expectedTimes(
  job: Pick<ReplayJob, 'archive' | 'topic' | 'from' | 'to'>,
  { path, modifiedAt }: ManifestFile,
): ExpectedTimes {
  const layout = layoutOf(job.archive.layout);
  const told = layout.span(path, job.topic, job.archive);
  const bucket = layout.facts(path, job.topic)?.bucketStartMs;
  if (told?.by === 'name') return { ...told, shown: bucket };
  if (bucket !== undefined) return { from: bucket - HOUR, to: bucket + LONGEST_BUCKET, by: 'name', shown: bucket };
  const date = folderDate(parentPath(path) ?? '/');
  if (told !== undefined && choosesByName(job)) return { ...told, shown: date?.at };
  if (date !== undefined) {
    const { behind, ahead } = FARTHEST_ZONES;
    return { from: date.at - ahead, to: date.at + date.length + behind, by: 'folder', shown: date.at };
  }
  // Some file systems keep no times of modification.
  const to = modifiedAt > EARLIEST ? modifiedAt + AHEAD : LATEST;
  return { from: EARLIEST, to, by: 'nothing', shown: undefined };
}

/** Whether files are left out by what their names say of time. */
export function choosesByName({ archive, from, to }: Pick<ReplayJob, 'archive' | 'from' | 'to'>): boolean {
  return (from !== undefined || to !== undefined) && !archive.readAllFiles && archive.strayTimes !== 'ignore';
}
