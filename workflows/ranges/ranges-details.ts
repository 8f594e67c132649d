import { bytesText, groupedText, limitText } from '../run/readable.ts';
import { percentOf, shareBar, waitsCell } from '../run/share-bar.ts';
import type { RangesProgress } from './ranges-progress.ts';

/** A progress table in Markdown: the details that Temporal's Web UI shows of a job of ranges. */
export function rangesDetails(progress: RangesProgress): string {
  const { ranges, recordsPerSecond, rate, left } = progress;
  const leftText = Object.entries(left).map(([reason, count]) => `${reason} ${groupedText(count)}`);
  const rows: [string, string][] = [
    ['Status', `**${progress.status}**, step \`${progress.step}\``],
    ['Done', shareBar(rangesPercent(progress))],
    ['Waits', waitsCell(progress.waitingFor)],
    ['Groups', progress.groups.map((group) => `\`${group}\``).join(', ')],
    ['Ranges', ranges.total === 0 ? '' : `${groupedText(ranges.done)} of ${groupedText(ranges.total)}`],
    [
      'Records',
      `${groupedText(progress.records)} (${bytesText(progress.bytes)}) of ${groupedText(progress.offsets)} offsets`,
    ],
    ['Rate', recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)} records/s`],
    ['Limit', limitText(rate)],
    ['Left out', leftText.join(', ')],
    ['Job', `\`${progress.job}\``],
  ];
  const lines = rows.filter(([, value]) => value !== '').map(([name, value]) => `| ${name} | ${value} |`);
  return [`### Ranges of \`${progress.topics}\``, '', '| | |', '|---|---|', ...lines].join('\n');
}

/** Ranges that are done, while they run. */
export function rangesPercent({ step, ranges }: RangesProgress): number | undefined {
  return step === 'run' ? percentOf(ranges.done, ranges.total) : undefined;
}
