import {
  passedByAll,
  passedByTopic,
  RecordsLeft,
  type BadDataLimits,
  type PassedLimit,
} from '../../log/bad-data-limits.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';
import type { RangeReport } from './range-report.ts';

/** Values that are told of all ranges. */
export const EXAMPLES = 3;

/** Judges what was skipped over all ranges, and tells of it where it is let pass. */
export function badDataOver(
  reports: readonly { range: PlannedRange; report: RangeReport }[],
  { badData }: { badData: BadDataLimits },
  listedIn: string,
): { over: string | undefined; remarks: string[] } {
  const byTopic = new Map<string, RecordsLeft>();
  const whole = new RecordsLeft();
  const examples: string[] = [];
  for (const { range, report } of reports) {
    const of = byTopic.get(range.topic) ?? new RecordsLeft();
    byTopic.set(range.topic, of);
    for (const left of [of, whole]) left.add(report.records, report.left);
    for (const { offset, reason, message } of report.examples)
      if (examples.length < EXAMPLES)
        examples.push(`${range.topic}-${range.partition}, offset ${offset}: ${reason}: ${message}`);
  }
  const listed = `${examples.join('; ')}; the others are listed in ${listedIn}`;
  const tooMany = (name: string, { bad, all, field, limit, reason }: PassedLimit): string =>
    `${bad} of ${all} records ${name} could not be decoded${reason === undefined ? '' : ` (${reason})`}, more than badData.${field} (${limit}) allows (${listed}). No offset was moved, and finish was not called. Raise the limit and start the job again; or mend the schema and start it with unfinished "discard", which runs all ranges anew: those of this plan have skipped these values.`;
  for (const [topic, left] of byTopic) {
    const over = passedByTopic(left, badData);
    if (over !== undefined) return { over: tooMany(`of ${topic}`, over), remarks: [] };
  }
  const over = passedByAll(whole, badData);
  if (over !== undefined) return { over: tooMany('in all', over), remarks: [] };
  return {
    over: undefined,
    remarks:
      whole.bad === 0
        ? []
        : [`${whole.bad} of ${whole.all} records could not be decoded, and were left out: ${listed}`],
  };
}
