import { durationText, groupedText } from '../workflows/run/readable.ts';
import { archiveLine } from './archive-lines.ts';
import { bar } from './progress-bar.ts';
import { rangesLine } from './ranges-lines.ts';
import { publishedSoFar, type ReplayStatusReport } from './replay-status.ts';
import { verifyLine } from './verify-lines.ts';

/** One line about how far a job is, with a bar where there is a whole to be a part of. */
export function progressLine(report: ReplayStatusReport): string {
  const { progress, archive, ranges, verify } = report;
  const [wait] = report.waits;
  if (wait !== undefined) return `waits: ${wait}`;
  if (archive !== undefined) return archiveLine(archive);
  if (ranges !== undefined) return rangesLine(ranges);
  if (verify !== undefined) return verifyLine(verify);
  if (progress === undefined || progress.step === 'validate') return 'checking the input';
  const { step, status, splits, windows, records, secondsLeft, recordsPerSecond } = progress;
  const name = status === 'running' ? step : `${step}, ${status}`;
  if (step === 'decode')
    return [name, bar(splits.decoded, splits.total), `${splits.decoded} of ${splits.total} splits`, left(secondsLeft)]
      .filter(Boolean)
      .join('  ');
  if (step === 'publish' && windows !== undefined) {
    const at = `window ${groupedText(Math.min(windows.at, windows.of))} of ${groupedText(windows.of)}`;
    const out = `${groupedText(publishedSoFar(report))} records`;
    return [name, bar(windows.at - 1, windows.of), at, out, left(secondsLeft)].filter(Boolean).join('  ');
  }
  if (step !== 'publish' || records.total === undefined) return name;
  const published = publishedSoFar(report);
  const counts = `${groupedText(published)} of ${groupedText(records.total)} records`;
  const rate = recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)}/s`;
  const seconds = recordsPerSecond ? (Number(records.total) - published) / recordsPerSecond : undefined;
  return [name, bar(published, Number(records.total)), counts, rate, left(seconds)].filter(Boolean).join('  ');
}

/** How far a job of any kind says it is. */
export function toldProgress({ progress, archive, ranges, verify }: ReplayStatusReport): AnyProgress | undefined {
  return progress ?? archive ?? ranges ?? verify;
}

type AnyProgress = NonNullable<ReplayStatusReport['progress' | 'archive' | 'ranges' | 'verify']>;

/** A report as of the end of a step, which is behind it: what that step was to do is done. */
export function asAtEndOf(step: string, report: ReplayStatusReport): ReplayStatusReport {
  const { progress, archive, ranges, verify } = report;
  const ended = {
    status: 'running',
    waitingFor: undefined,
    recordsPerSecond: undefined,
    secondsLeft: undefined,
  } as const;
  // A step's name is one of its own workflow's.
  const at = <Progress extends AnyProgress>(told: Progress | undefined): Progress | undefined =>
    told && { ...told, ...ended, step };
  const windows = progress?.windows && { at: progress.windows.of + 1, of: progress.windows.of };
  return {
    ...report,
    waits: [],
    progress: at(progress && { ...progress, windows }),
    archive: at(archive),
    ranges: at(ranges),
    verify: at(verify),
  };
}

function left(seconds: number | undefined): string {
  return seconds === undefined ? '' : `${durationText(seconds)} left`;
}
