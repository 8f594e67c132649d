import type { VerifiedTarget } from '../activities/verify/steps.ts';
import { bytesText, counted, groupedText } from '../workflows/run/readable.ts';
import type { VerifyProgress } from '../workflows/verify/verify-progress.ts';
import type { VerifyResult } from '../workflows/verify/verify-result.ts';
import { columns, fields } from './output.ts';
import { bar } from './progress-bar.ts';

/** One line about how far a job of verify is. */
export function verifyLine(progress: VerifyProgress | undefined): string {
  if (progress === undefined) return 'checking the input';
  const { step, status, ranges, splits, cells, records } = progress;
  const name = status === 'running' ? step : `${step}, ${status}`;
  const parts = step === 'topics' ? ranges : step === 'archive' ? splits : step === 'narrow' ? cells : undefined;
  if (parts === undefined || parts.total === 0) return name;
  const read = step === 'topics' ? records.topics : step === 'archive' ? records.archive : undefined;
  return [name, bar(parts.done, parts.total), read === undefined ? '' : `${groupedText(read)} records`]
    .filter(Boolean)
    .join('  ');
}

/** What was compared, and what was found, for people. */
export function verifyResultLines(result: VerifyResult): string[] {
  const { agrees, findings, moreFindings, notes, targets } = result;
  return [
    ...fields([
      ['job', result.job],
      ['topic', result.topic],
      ['archive', `${counted(result.files, 'file')} (${bytesText(result.bytes)})`],
      ['report', result.report],
      ['SHA-256 of it', result.sha256],
      ['from, to', `${result.startedAt}, ${result.endedAt}`],
    ]),
    '',
    ...columns([
      ['against', 'topic', 'compared', 'archive', 'topic has', 'older', 'buckets', 'differ'],
      ...targets.map((target) => [
        target.target,
        target.topic,
        COMPARED[target.content] ?? target.content,
        groupedText(target.archive),
        groupedText(target.found),
        groupedText(target.uncompared),
        groupedText(target.cells),
        groupedText(target.differing),
      ]),
    ]),
    '',
    agrees ? 'the archive and what it was compared with agree' : `${findings.length + moreFindings} findings:`,
    ...findings.map(({ kind, message }) => `${kind}: ${message}`),
    ...(moreFindings > 0 ? [`and ${groupedText(moreFindings)} more, which are in the report`] : []),
    ...notes.map((note) => `note: ${note}`),
  ];
}

/** What of the records is compared. */
const COMPARED: Record<VerifiedTarget['content'], string> = {
  whole: 'whole records',
  pair: 'keys and values',
  value: 'values',
  published: 'keys, values, headers',
  none: 'counts alone',
};
