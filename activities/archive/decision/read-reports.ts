import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import { rangeName } from './accept-ranges.ts';
import {
  pullLine,
  type PulledCounts,
  type PulledError,
  type PulledFile,
  type PulledRange,
} from '../pull/pull-report.ts';
import { JobError } from '../../step/job-error.ts';
import { readSealedLines } from '../../step/sealed-lines.ts';

export interface PulledRun {
  /** By `rangeName`. */
  ranges: Map<string, PulledRange>;
  files: PulledFile[];
  errors: PulledError[];
  counts: PulledCounts[];
}

/**
 * The reports of a run's pulls; a pull that was not begun in time has none, and its ranges are not there.
 *
 * @param begun - how many were begun, the first of them: all have ended
 * @throws JobError 'staging-lost' where one of these has no report
 */
export async function readReports(
  store: FileStore,
  folders: ArchiveFolders,
  { pulls, begun }: { pulls: number; begun: number },
  { signal, progress }: { signal: AbortSignal; progress: (reports: number) => void },
): Promise<PulledRun> {
  const run: PulledRun = { ranges: new Map(), files: [], errors: [], counts: [] };
  for (let pull = 0; pull < pulls; pull++) {
    const report = folders.report(pull);
    const lines = await readSealedLines(store, report, pullLine, signal);
    if (lines === undefined && pull < begun)
      throw new JobError(
        'staging-lost',
        `${report}: expected the report of pull ${pull + 1} of ${pulls}, which has ended, found nothing: was it deleted, or the run's folder? Nothing was decided, nothing is lost: start the archive again.`,
        { path: report, pull },
      );
    for (const line of lines ?? [])
      if (line.kind === 'range') run.ranges.set(rangeName(line.topic, line.partition, line.from), line);
      else if (line.kind === 'file') run.files.push(line);
      else if (line.kind === 'error') run.errors.push(line);
      else if (line.kind === 'counts') run.counts.push(line);
    progress(pull + 1);
  }
  return run;
}
