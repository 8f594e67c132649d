import { isBadData } from '../../log/left-reasons.ts';
import type { RangesJob } from '../job/ranges-job.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';
import type { RangeReport } from './range-report.ts';

/** Values that are told of all ranges. */
export const EXAMPLES = 3;

/** Judges what was skipped over all ranges, and tells of it where it is let pass. */
export function badDataOver(
  reports: readonly { range: PlannedRange; report: RangeReport }[],
  { badData: { limitPercent, topicLimitPercent } }: Pick<RangesJob, 'badData'>,
  listedIn: string,
): { over: string | undefined; remarks: string[] } {
  const byTopic = new Map<string, { bad: number; all: number }>();
  const whole = { bad: 0, all: 0 };
  const examples: string[] = [];
  for (const { range, report } of reports) {
    const bad = Object.entries(report.left).reduce((sum, [reason, count]) => sum + (isBadData(reason) ? count : 0), 0);
    const of = byTopic.get(range.topic) ?? { bad: 0, all: 0 };
    byTopic.set(range.topic, of);
    for (const count of [of, whole]) {
      count.bad += bad;
      count.all += report.records + bad;
    }
    for (const { offset, reason, message } of report.examples)
      if (examples.length < EXAMPLES)
        examples.push(`${range.topic}-${range.partition}, offset ${offset}: ${reason}: ${message}`);
  }
  const listed = `${examples.join('; ')}; the others are listed in ${listedIn}`;
  const tooMany = (name: string, { bad, all }: { bad: number; all: number }, field: string, limit: number): string =>
    `${bad} of ${all} records ${name} could not be decoded, more than badData.${field} (${limit}) allows (${listed}). No offset was moved, and finish was not called. Raise the limit and start the job again; or mend the schema and start it with unfinished "discard", which runs all ranges anew: those of this plan have skipped these values.`;
  for (const [topic, count] of byTopic)
    if (exceeds(count, topicLimitPercent))
      return { over: tooMany(`of ${topic}`, count, 'topicLimitPercent', topicLimitPercent), remarks: [] };
  if (exceeds(whole, limitPercent))
    return { over: tooMany('in all', whole, 'limitPercent', limitPercent), remarks: [] };
  return {
    over: undefined,
    remarks:
      whole.bad === 0
        ? []
        : [`${whole.bad} of ${whole.all} records could not be decoded, and were left out: ${listed}`],
  };
}

function exceeds({ bad, all }: { bad: number; all: number }, percent: number): boolean {
  return bad > 0 && bad * 100 > all * percent;
}
