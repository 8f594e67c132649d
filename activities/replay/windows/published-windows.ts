import type { ReplayJob } from '../job/replay-job.ts';
import { whyNothing } from '../publish/why-nothing.ts';
import type { CatalogueSummary, PublishedSlice, PublishedWindows } from '../steps.ts';
import type { CheckedWindows } from './window-source.ts';
import type { WindowTotals } from './window-totals.ts';

/** What a slice tells of the windows so far, and at the end of all of them. */
export function publishedWindows(
  job: ReplayJob,
  slice: PublishedSlice,
  { totals, remarks }: Pick<CheckedWindows, 'totals' | 'remarks'>,
  windows: number,
): PublishedWindows {
  const {
    window,
    partitionRecords: _partitions,
    largestBody: _largest,
    checksum: _checksum,
    firstTime: _first,
    lastTime: _last,
    ...decoded
  } = totals;
  return {
    ...slice,
    window: Math.max(0, window),
    decoded: { ...decoded, bytesSorted: '0' },
    ...(slice.done && { sequence: sequenceOf(job, totals, remarks, windows) }),
  };
}

/** What the sequence was, known when all of it is out. */
function sequenceOf(job: ReplayJob, totals: WindowTotals, remarks: string[], windows: number): CatalogueSummary {
  const all = totals.kept === 0 ? [...remarks, whyNothing(job, totals)] : remarks;
  return {
    records: totals.kept.toString(),
    sections: windows,
    overlap: 0,
    passes: 0,
    firstTime: job.order === 'time' ? totals.firstTime : undefined,
    lastTime: job.order === 'time' ? totals.lastTime : undefined,
    largestRecord: totals.largestBody,
    ...(all.length > 0 && { remarks: all }),
  };
}

/** A slice that has published nothing beyond what is out. */
export function nothingBeyond(published: bigint): PublishedSlice {
  return { published: published.toString(), done: false, records: 0, bytes: '0', transactions: 0, seconds: 0 };
}
