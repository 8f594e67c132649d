import type { ReplayProgress } from './progress.ts';

/** A progress table in Markdown: the details that Temporal's Web UI shows of a workflow. */
export function progressDetails(progress: ReplayProgress): string {
  const { splits, records, rate, secondsLeft, recordsPerSecond } = progress;
  const rows: [string, string][] = [
    ['Status', `**${progress.status}**, step \`${progress.step}\``],
    ['Replay topic', code(progress.replayTopic)],
    ['Consumer group', code(progress.group)],
    ['Files', `${grouped(progress.files)} (${bytesText(progress.bytes)})`],
    ['Splits decoded', share(splits.decoded, splits.total)],
    ['Records decoded', grouped(records.decoded)],
    ['Records sorted', grouped(records.sorted)],
    ['Records published', share(records.published, records.total)],
    ['Rate', recordsPerSecond === undefined ? '' : `${grouped(recordsPerSecond)} records/s`],
    ['Limit', limitText(rate)],
    ['Time left', secondsLeft === undefined || progress.status !== 'running' ? '' : durationText(secondsLeft)],
    ['Skipped, out of range', `${grouped(records.skipped)}, ${grouped(records.outOfRange)}`],
    ['Job', code(progress.job)],
  ];
  const lines = rows.filter(([, value]) => value !== '').map(([name, value]) => `| ${name} | ${value} |`);
  return [`### Replay of \`${progress.topic}\``, '', '| | |', '|---|---|', ...lines, ...advice(progress)].join('\n');
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

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function share(part: number | string, whole: number | string | undefined): string {
  if (whole === undefined) return `${grouped(part)}`;
  const percent = Number(whole) === 0 ? '' : ` (${((100 * Number(part)) / Number(whole)).toFixed(1)} %)`;
  return `${grouped(part)} of ${grouped(whole)}${percent}`;
}

function limitText({ records, bytes }: ReplayProgress['rate']): string {
  return [
    records === undefined ? undefined : `${grouped(records)} records/s`,
    bytes === undefined ? undefined : `${bytesText(String(Math.round(bytes)))}/s`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** Digits in groups of three. */
function grouped(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

function bytesText(text: string): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = Number(text);
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
