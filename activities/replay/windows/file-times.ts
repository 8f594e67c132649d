import type { TimeBucket } from '../../../layouts/archive-layout.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** What the names of a file's folder and of the file tell of its records' times; without an end where they tell nothing. */
export interface FileTimes extends TimeBucket {
  /** Whether it is a bucket that begins and ends where the name says; else there is room on both sides. */
  exact: boolean;
}

const ANY_TIME: FileTimes = { from: -Infinity, to: Infinity, exact: false };

/** The times of a file's records, as far as a window can rely on its name. */
export function fileTimes({ archive, topic }: Pick<ReplayJob, 'archive' | 'topic'>, path: string): FileTimes {
  if (archive.strayTimes === 'ignore') return ANY_TIME;
  const layout = layoutOf(archive.layout);
  const bucket = layout.bucket?.(path, topic, archive);
  if (bucket !== undefined) return { ...bucket, exact: true };
  const span = layout.span(path, topic, archive);
  return span === undefined ? ANY_TIME : { from: span.from, to: span.to, exact: false };
}
