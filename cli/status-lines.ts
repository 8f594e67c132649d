import { bytesText, counted, durationText, groupedText, limitText } from '../workflows/run/readable.ts';
import { archivePlanLines, archiveResultLines, topicLagLines } from './archive-lines.ts';
import { fields } from './output.ts';
import { planLines } from './plan-lines.ts';
import { publishedSoFar, type ReplayStatusReport } from './replay-status.ts';
import { rangesFields, rangesPlanLines, rangesResultLines } from './ranges-lines.ts';
import { resultLines } from './result-lines.ts';
import { verifyLine, verifyResultLines } from './verify-lines.ts';
import { JOB_KINDS } from './workflow-kind.ts';

/** A job's status for a person: how far it is and what it waits for, or what came of it. */
export function statusLines(report: ReplayStatusReport): string[] {
  const { workflowId, workflowStatus, progress, archived, result, error } = report;
  const records = progress?.records;
  const begun = progress !== undefined && progress.step !== 'validate';
  const head = fields([
    [report.kind, workflowId],
    ['status', statusText(report)],
    ['topic', report.topic],
    ['replay topic', report.replayTopic],
    ['group', progress?.group],
    ['job', report.job],
    ['started', report.startedAt],
    ['ended', report.closedAt],
    ...archiveFields(report),
    ...(report.ranges === undefined || report.ran !== undefined ? [] : rangesFields(report.ranges)),
    ['progress', report.verify && report.verified === undefined ? verifyLine(report.verify) : undefined],
    ...(result !== undefined
      ? []
      : ([
          ['files', begun ? `${groupedText(progress.files)} (${bytesText(progress.bytes)})` : undefined],
          ['splits decoded', begun ? `${progress.splits.decoded} of ${progress.splits.total}` : undefined],
          ['records decoded', begun ? groupedText(progress.records.decoded) : undefined],
          [
            'records published',
            begun
              ? `${groupedText(publishedSoFar(report))}${records?.total === undefined ? '' : ` of ${groupedText(records.total)}`}`
              : undefined,
          ],
          ['skipped', records && records.skipped > 0 ? groupedText(records.skipped) : undefined],
          ['limit', progress && limitText(progress.rate)],
          ...rateFields(report),
        ] as [string, string | undefined][])),
    ...report.waits.map((wait, at): [string, string] => [at === 0 ? 'waits' : '', wait]),
    ['error', error && workflowStatus === 'FAILED' ? error.message : undefined],
    ['what to do', error && workflowStatus === 'FAILED' ? error.remedy : undefined],
  ]);
  if (archived !== undefined)
    return [...head, '', ...('plan' in archived ? archivePlanLines(archived) : archiveResultLines(archived))];
  const lags = report.archive === undefined ? [] : topicLagLines(report.archive);
  if (lags.length > 0) return [...head, '', ...lags];
  const { ran } = report;
  if (ran !== undefined) return [...head, '', ...('plan' in ran ? rangesPlanLines(ran) : rangesResultLines(ran))];
  if (report.verified !== undefined) return [...head, '', ...verifyResultLines(report.verified)];
  if (result === undefined) return head;
  if ('plan' in result) return [...head, '', ...planLines(result)];
  return JOB_KINDS.includes(report.kind) ? [...head, '', ...resultLines(result)] : head;
}

/** How far an archive is. */
function archiveFields({ archive, archived }: ReplayStatusReport): [string, string | undefined][] {
  if (archive === undefined || archived !== undefined) return [];
  const { pulls, records, files, bytes, rate } = archive;
  return [
    ['execution', archive.execution],
    ['pulls', pulls.total === 0 ? undefined : `${pulls.done} of ${pulls.total}`],
    ...(archive.status === 'cancelled'
      ? [['thrown away', `${counted(records, 'record')} in ${counted(files, 'file')}`] as [string, string]]
      : ([
          ['records', groupedText(records)],
          ['files', `${groupedText(files)} (${bytesText(bytes)})`],
        ] as [string, string][])),
    ['limit', limitText(rate)],
    ...archive.problems.map(({ message }): [string, string] => ['problem', message]),
  ];
}

/** Who waits, or stands still, has neither a rate nor a time left. */
function rateFields({ workflowStatus, progress, waits }: ReplayStatusReport): [string, string | undefined][] {
  if (progress?.status !== 'running' || workflowStatus !== 'RUNNING' || waits.length > 0) return [];
  const { recordsPerSecond, secondsLeft } = progress;
  return [
    ['rate', recordsPerSecond === undefined ? undefined : `${groupedText(recordsPerSecond)} records/s`],
    ['time left', secondsLeft === undefined ? undefined : durationText(secondsLeft)],
  ];
}

/** One word or a few: what Temporal says, and what the job itself does. */
export function statusText({
  workflowStatus,
  progress,
  archive,
  ranges,
  verify,
  activities,
  answered,
}: ReplayStatusReport): string {
  if (workflowStatus !== 'RUNNING') return workflowStatus.toLowerCase().replace('_', ' ');
  const known = progress ?? archive ?? ranges ?? verify;
  if (known !== undefined) return `${known.status}, step ${known.step}`;
  if (activities.length > 0) return `running, step ${activities.map(({ step }) => step).join(', ')}`;
  return answered ? 'running' : 'running, progress unknown: no worker answers';
}
