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
import { readSealedLines } from '../../step/sealed-lines.ts';

export interface PulledRun {
  /** By `rangeName`. */
  ranges: Map<string, PulledRange>;
  files: PulledFile[];
  errors: PulledError[];
  counts: PulledCounts[];
}

/** The reports of a run's pulls; a pull without one was not finished, and its ranges are not there. */
export async function readReports(
  store: FileStore,
  folders: ArchiveFolders,
  pulls: number,
  { signal, progress }: { signal: AbortSignal; progress: (reports: number) => void },
): Promise<PulledRun> {
  const run: PulledRun = { ranges: new Map(), files: [], errors: [], counts: [] };
  for (let pull = 0; pull < pulls; pull++) {
    for (const line of (await readSealedLines(store, folders.report(pull), pullLine, signal)) ?? [])
      if (line.kind === 'range') run.ranges.set(rangeName(line.topic, line.partition, line.from), line);
      else if (line.kind === 'file') run.files.push(line);
      else if (line.kind === 'error') run.errors.push(line);
      else if (line.kind === 'counts') run.counts.push(line);
    progress(pull + 1);
  }
  return run;
}
