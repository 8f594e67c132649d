import type { ReplayProgress, ReplayWindows } from './progress.ts';
import { percentOf, shareBar, waitsCell } from '../run/share-bar.ts';
import { bytesText, durationText, groupedText, limitText } from '../run/readable.ts';

/** A progress table in Markdown: the details that Temporal's Web UI shows of a workflow. */
export function progressDetails(progress: ReplayProgress): string {
  const { splits, records, rate, secondsLeft, recordsPerSecond, windows } = progress;
  const rows: [string, string][] = [
    ['Status', `**${progress.status}**, step \`${progress.step}\``],
    ['Done', shareBar(replayPercent(progress))],
    ['Waits', waitsCell(progress.waitingFor)],
    ['Replay topic', code(progress.replayTopic)],
    ['Consumer group', code(progress.group)],
    ['Files', `${groupedText(progress.files)} (${bytesText(progress.bytes)})`],
    ['Window', windows === undefined ? '' : share(windows.at, windows.of)],
    ['Windows', windows === undefined ? '' : windowsText(windows)],
    ['Splits decoded', share(splits.decoded, splits.total)],
    ['Records decoded', groupedText(records.decoded)],
    ['Records sorted', groupedText(records.sorted)],
    ['Records published', share(records.published, records.total)],
    ['Rate', recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)} records/s`],
    ['Limit', limitText(rate)],
    ['Time left', secondsLeft === undefined || progress.status !== 'running' ? '' : durationText(secondsLeft)],
    ['Skipped, out of range', `${groupedText(records.skipped)}, ${groupedText(records.outOfRange)}`],
    ['Job', code(progress.job)],
  ];
  const lines = rows.filter(([, value]) => value !== '').map(([name, value]) => `| ${name} | ${value} |`);
  return [`### Replay of \`${progress.topic}\``, '', '| | |', '|---|---|', ...lines, ...advice(progress)].join('\n');
}

/** Of the step that runs: splits that are decoded, records that are out. */
export function replayPercent({ step, splits, records }: ReplayProgress): number | undefined {
  if (step === 'decode') return percentOf(splits.decoded, splits.total);
  return step === 'publish' ? percentOf(records.published, records.total) : undefined;
}

function advice({ status, job }: ReplayProgress): string[] {
  if (status === 'paused') return ['', 'Goes on with the signal `resume`, or `rewind resume`.'];
  if (status === 'cancelled')
    return [
      '',
      `What was in hand is committed. Taken up again by \`rewind resume\`, by a reset to the first workflow task, or by a job with \`takeUp\`: \`${job}\`.`,
    ];
  return [];
}

/** `23 of 24 through memory, the largest 12.0 MiB; others through staging, the largest 1.5 GiB: 3 of 8 splits sorted`. */
function windowsText({ of, direct = of, largestBytes, largestStagedBytes, staging }: ReplayWindows): string {
  const largest = (bytes: string | undefined): string =>
    bytes === undefined || bytes === '0' ? '' : `, the largest ${bytesText(bytes)}`;
  const hand =
    staging === undefined ? '' : `: ${groupedText(staging.sorted)} of ${groupedText(staging.of)} splits sorted`;
  const others =
    direct < of || staging !== undefined ? `; others through staging${largest(largestStagedBytes)}${hand}` : '';
  return `${groupedText(direct)} of ${groupedText(of)} through memory${largest(largestBytes)}${others}`;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function share(part: number | string, whole: number | string | undefined): string {
  if (whole === undefined) return `${groupedText(part)}`;
  const percent = Number(whole) === 0 ? '' : ` (${((100 * Number(part)) / Number(whole)).toFixed(1)} %)`;
  return `${groupedText(part)} of ${groupedText(whole)}${percent}`;
}
