import { groupedText } from '../run/readable.ts';
import { percentOf, shareBar, waitsCell } from '../run/share-bar.ts';
import { secondsOf, type RunProgress, type RunStatus } from '../run/run-progress.ts';
import type { VerifyState, VerifyStep } from './verify-state.ts';

/** The answer of the query `progress`. */
export interface VerifyProgress extends RunProgress<VerifyStep> {
  topic: string;
  targets: string[];
  ranges: { done: number; total: number };
  splits: { done: number; total: number };
  /** Buckets that differ. */
  cells: { done: number; total: number };
  records: { topics: number; archive: number };
}

export function verifyProgress(state: VerifyState, status: RunStatus, now: number): VerifyProgress {
  const { job, planned, done, records, reconciled } = state;
  return {
    job: job.id,
    topic: job.topic,
    targets: job.targets,
    status,
    step: state.step,
    ranges: { done: done.ranges, total: rangesOf(state) },
    splits: { done: done.splits, total: (planned?.splits ?? 0) * job.targets.length },
    cells: { done: done.cells, total: reconciled.reduce((sum, { narrowed }) => sum + narrowed, 0) },
    records: { ...records },
    rate: {},
    seconds: secondsOf(state, now),
    startedAt: new Date(state.startedAt).toISOString(),
  };
}

export function rangesOf({ planned }: Pick<VerifyState, 'planned'>): number {
  return (planned?.targets ?? []).reduce((sum, { ranges }) => sum + ranges, 0);
}

/** Before there is a state: while the input is being checked. */
export function verifyProgressAtFirst(job: string, startedAt: number): VerifyProgress {
  return {
    job,
    topic: '',
    targets: [],
    status: 'running',
    step: 'plan',
    ranges: { done: 0, total: 0 },
    splits: { done: 0, total: 0 },
    cells: { done: 0, total: 0 },
    records: { topics: 0, archive: 0 },
    rate: {},
    seconds: {},
    startedAt: new Date(startedAt).toISOString(),
  };
}

/** A progress table in Markdown: the details that Temporal's Web UI shows of the job. */
export function verifyDetails(progress: VerifyProgress): string {
  const { topic, targets, status, step, ranges, splits, cells, records, job, waitingFor } = progress;
  const part = ({ done, total }: { done: number; total: number }): string =>
    total === 0 ? '' : `${groupedText(done)} of ${groupedText(total)}`;
  const rows: [string, string][] = [
    ['Status', `**${status}**, step \`${step}\``],
    ['Done', shareBar(verifyPercent(progress))],
    ['Waits', waitsCell(waitingFor)],
    ['Against', targets.join(', ')],
    ['Ranges of topics', part(ranges)],
    ['Splits of the archive', part(splits)],
    ['Buckets that differ', part(cells)],
    ['Records', `${groupedText(records.topics)} of topics, ${groupedText(records.archive)} of the archive`],
    ['Job', `\`${job}\``],
  ];
  const lines = rows.filter(([, value]) => value !== '').map(([name, value]) => `| ${name} | ${value} |`);
  return [`### Verify \`${topic}\``, '', '| | |', '|---|---|', ...lines].join('\n');
}

/** Of the step that runs: what is read of the topics and of the archive, and buckets that are looked at closer. */
export function verifyPercent({ step, ranges, splits, cells }: VerifyProgress): number | undefined {
  if (step === 'topics') return percentOf(ranges.done, ranges.total);
  if (step === 'archive') return percentOf(splits.done, splits.total);
  return step === 'narrow' ? percentOf(cells.done, cells.total) : undefined;
}
