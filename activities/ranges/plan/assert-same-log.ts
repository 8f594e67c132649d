import { ConnectionError } from '../../../connections/connection-error.ts';
import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import { brokenStretches } from '../../log/check-epochs.ts';
import { firstTen } from '../../step/first-ten.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { RangesPlan } from './range-plan-file.ts';

/** What becomes of a plan whose records are gone; whoever goes on with it finds the same. */
export const PLAN_ANEW =
  'start the job with unfinished "discard", which plans what is there now (gap and recreated say what becomes of the rest)';

/**
 * Makes sure that the logs are those that were planned, and read: records that have taken the offsets of lost ones, or a
 * topic that was made anew, would else be taken for consumed.
 *
 * @throws ConnectionError 'changed'; 'unavailable' where leaders don't tell
 */
export async function assertSameLog(
  kafka: Pick<AdminPort, 'listTopics' | 'epochEnds'>,
  { partitions }: Pick<RangesPlan, 'partitions'>,
  { signal, progress }: Pick<StepContext, 'signal'> & { progress: () => void },
): Promise<void> {
  const read = partitions.filter(({ ranges }) => ranges > 0);
  const ids = new Map(read.map(({ topic, topicId }) => [topic, topicId]));
  if (ids.size === 0) return;
  const wrong: string[] = [];
  for (const { topic, id } of await kafka.listTopics([...ids.keys()])) {
    const planned = ids.get(topic);
    if (planned !== undefined && id !== undefined && id !== planned)
      wrong.push(`${topic}: the topic was deleted and made anew: expected id ${planned}, found ${id}`);
  }
  // One input at a time: of one moment, in which a partition had one leader.
  for (const input of new Set(read.map((each) => each.input))) {
    const stretches = read.flatMap(({ topic, partition, leaderEpoch, to, ...of }) =>
      of.input === input && leaderEpoch !== undefined ? [{ topic, partition, leaderEpoch, next: BigInt(to) }] : [],
    );
    for (const { lost, message } of (await brokenStretches(kafka, stretches, { signal, progress })).values()) {
      if (!lost) throw new ConnectionError('unavailable', message);
      wrong.push(message);
    }
  }
  if (wrong.length === 0) return;
  throw new ConnectionError(
    'changed',
    `${firstTen(wrong)}. What the ranges have read is not in the log any more, and offsets don't move beyond it: ${PLAN_ANEW}`,
    { partitions: wrong.length },
  );
}
