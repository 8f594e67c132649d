import { bytesText, groupedText, limitText } from '../run/readable.ts';
import { percentOf, shareBar, waitsCell } from '../run/share-bar.ts';
import type { ArchiveProgress } from './archive-progress.ts';

/** A progress table in Markdown: the details that Temporal's Web UI shows of an archive. */
export function archiveDetails(progress: ArchiveProgress): string {
  const { pulls, partitions, recordsPerSecond, rate, problems, left } = progress;
  const leftText = Object.entries(left).map(([reason, count]) => `${reason} ${groupedText(count)}`);
  const rows: [string, string][] = [
    ['Status', `**${progress.status}**, step \`${progress.step}\``],
    ['Done', shareBar(archivePercent(progress))],
    ['Waits', waitsCell(progress.waitingFor)],
    ['Destination', `\`${progress.dest}\``],
    ['Execution', progress.execution === undefined ? '' : `\`${progress.execution}\``],
    ['Topics', progress.topicCount === 0 ? '' : groupedText(progress.topicCount)],
    ['Partitions with something new', partitions.total === 0 ? '' : `${partitions.toRead} of ${partitions.total}`],
    ['Pulls', pulls.total === 0 ? '' : `${pulls.done} of ${pulls.total}`],
    ['Records', `${groupedText(progress.records)} of ${groupedText(progress.offsets)} offsets`],
    ['Files', `${groupedText(progress.files)} (${bytesText(progress.bytes)})`],
    ['Rate', recordsPerSecond === undefined ? '' : `${groupedText(recordsPerSecond)} records/s`],
    ['Limit', limitText(rate)],
    ['In no file', leftText.join(', ')],
    ['Job', `\`${progress.job}\``],
  ];
  const lines = rows.filter(([, value]) => value !== '').map(([name, value]) => `| ${name} | ${value} |`);
  const wrong = problems.map(({ topic, message }) => `- **${topic}**: ${message}`);
  const head = [`### Archive of \`${progress.topics}\``, '', '| | |', '|---|---|', ...lines];
  return [...head, '', ...topicTable(progress), ...wrong].join('\n');
}

/** The topics that are furthest behind. */
function topicTable({ topicLags, topicCount }: ArchiveProgress): string[] {
  if (topicLags.length === 0) return [];
  const rows = topicLags.map(
    ({ topic, lag, recordsPerSecond, completeTo }) =>
      `| \`${topic}\` | ${groupedText(lag)} | ${recordsPerSecond === undefined ? '' : groupedText(recordsPerSecond)} | ${completeTo ?? ''} |`,
  );
  const more = topicCount - topicLags.length;
  return [
    '| Topic | Lag | Records/s | Complete up to |',
    '|---|--:|--:|---|',
    ...rows,
    '',
    ...(more > 0 ? [`and ${groupedText(more)} more topics, none further behind`, ''] : []),
  ];
}

/** Pulls that are done, while there are any to do. */
export function archivePercent({ step, pulls }: ArchiveProgress): number | undefined {
  return step === 'pull' ? percentOf(pulls.done, pulls.total) : undefined;
}
