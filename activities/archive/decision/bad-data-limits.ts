import { passedByTopic, RecordsLeft, type BadDataLimits } from '../../log/bad-data-limits.ts';
import type { PulledError, PulledRange } from '../pull/pull-report.ts';
import { worstTopics } from './worst-topics.ts';

/** Bad records that are told of a topic that is left out: its errors are written nowhere. */
const EXAMPLES = 3;

/**
 * Topics that are left out for their bad records, with the reason: those with more than a topic may have, and the worst
 * of the others, until these are within what all may have. Judged as Camus does with its percentages, but before
 * anything is placed; and no topic ends the run of the others, whether it is all bad, or large and a little.
 */
export function overLimit(
  ranges: Iterable<PulledRange>,
  errors: readonly PulledError[],
  { badData }: { badData: BadDataLimits },
): Map<string, string> {
  const byTopic = recordsByTopic(ranges);
  const others = new Map(byTopic);
  const rest = new RecordsLeft();
  const leftOut = new Map<string, string>();
  const leaveOut = (topic: string, over: string, reason?: string): void => {
    const { bad, all } = byTopic.get(topic)!;
    leftOut.set(
      topic,
      `${topic}: ${bad} of ${all} records can't be archived; ${over}; nothing of the topic was. ${examples(errors, topic, reason)}Mend its schema or its producer, or raise the limit`,
    );
  };
  for (const [topic, left] of byTopic) {
    const over = passedByTopic(left, badData);
    if (over === undefined) rest.addAll(left);
    else {
      others.delete(topic);
      leaveOut(topic, `badData.${over.field} (${over.limit}) allows fewer`);
    }
  }
  for (const { topic, over } of worstTopics(others, badData, rest)) {
    const { bad, all, field, limit, reason } = over;
    const which = reason === undefined ? '' : ` (${reason})`;
    leaveOut(
      topic,
      `with them it would be ${bad} of ${all} of the run${which}, more than badData.${field} (${limit}) allows: left out so that the others could be archived`,
      reason,
    );
  }
  return leftOut;
}

function recordsByTopic(ranges: Iterable<PulledRange>): Map<string, RecordsLeft> {
  const byTopic = new Map<string, RecordsLeft>();
  for (const { topic, records, left } of ranges) {
    const of = byTopic.get(topic) ?? new RecordsLeft();
    byTopic.set(topic, of);
    of.add(records, left);
  }
  return byTopic;
}

/** The first errors of a topic, of one reason or of any. */
function examples(errors: readonly PulledError[], topic: string, reason: string | undefined): string {
  const told: string[] = [];
  for (const error of errors) {
    if (error.topic !== topic) continue;
    const begin = `${topic}-${error.partition}, offset ${error.offset}: ${reason === undefined ? '' : `${reason}: `}`;
    if (error.message.startsWith(begin) && told.push(error.message) === EXAMPLES) break;
  }
  return told.length === 0 ? '' : `Such as: ${told.join('; ')}. `;
}
