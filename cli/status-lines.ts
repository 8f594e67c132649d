import { bytesText, durationText, groupedText, limitText } from '../workflows/run/readable.ts';
import { fields } from './output.ts';
import { publishedSoFar, waitingFor, type ReplayStatusReport } from './replay-status.ts';

/** A replay's status for a person. */
export function statusLines(report: ReplayStatusReport): string[] {
  const { workflowId, workflowStatus, progress } = report;
  const records = progress?.records;
  return fields([
    ['replay', workflowId],
    ['status', statusText(report)],
    ['topic', report.topic],
    ['replay topic', report.replayTopic],
    ['group', progress?.group],
    ['job', report.job],
    ['started', report.startedAt],
    ['ended', report.closedAt],
    ['files', progress && `${groupedText(progress.files)} (${bytesText(progress.bytes)})`],
    ['splits decoded', progress && `${progress.splits.decoded} of ${progress.splits.total}`],
    ['records decoded', records && groupedText(records.decoded)],
    [
      'records published',
      records &&
        `${groupedText(publishedSoFar(report))}${records.total === undefined ? '' : ` of ${groupedText(records.total)}`}`,
    ],
    ['skipped', records && records.skipped > 0 ? groupedText(records.skipped) : undefined],
    [
      'rate',
      progress?.recordsPerSecond === undefined ? undefined : `${groupedText(progress.recordsPerSecond)} records/s`,
    ],
    ['limit', progress && limitText(progress.rate)],
    [
      'time left',
      workflowStatus === 'RUNNING' && progress?.secondsLeft !== undefined
        ? durationText(progress.secondsLeft)
        : undefined,
    ],
    ['waits', waitingFor(report)],
  ]);
}

/** One word or a few: what Temporal says, and what the replay itself does. */
export function statusText({ workflowStatus, progress }: ReplayStatusReport): string {
  if (workflowStatus !== 'RUNNING') return workflowStatus.toLowerCase().replace('_', ' ');
  if (progress === undefined) return 'running, progress unknown: no worker answers';
  return `${progress.status}, step ${progress.step}`;
}
