import { FormatError } from '../../../formats/format-error.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { JobError } from '../../step/job-error.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { readPosition, type PublishPosition } from '../publish/publish-position.ts';
import { INTO_ANOTHER_TOPIC, TAKEN_UP_AS_WHOLE } from './window-check.ts';

/** Runs a step that may end a job which has published; what ends it is told with what is out by then (`withWhatIsOut`). */
export async function tellingWhatIsOut<T>(
  deps: Pick<Dependencies, 'kafka'>,
  { id, replayTopic: { name: topic }, connections }: Pick<ReplayJob, 'id' | 'replayTopic' | 'connections'>,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof JobError)) throw error;
    let out: PublishPosition | undefined;
    try {
      // A transaction that was decided just now is waited for: until its marker is in the log, the position is that before it.
      out = await readPosition(deps.kafka(connections.kafka), topic);
    } catch (unknown) {
      // A worker that decodes alone may know no Kafka: what ends the job is the other error.
      throw unknown instanceof JobError ? error : unknown;
    }
    throw withWhatIsOut(error, topic, out?.job === id ? out : undefined);
  }
}

/** What errors say of a job that ends before its first record. */
const NOTHING_OUT = /nothing was published(?=\.)/i;

/**
 * The error that ends a job, with what is out by then, as the position counts it: windows that were looked at need not be. A
 * record that is too early for its window is in nobody's way where nothing behind it is out: it is marked, so that the
 * job goes on as one that is sorted as a whole. Whether all others stand behind as well shows when that is merged.
 */
export function withWhatIsOut(error: unknown, topic: string, out: PublishPosition | undefined): unknown {
  const published = out?.published ?? 0n;
  const stay = `${published} records that come before it are published in ${topic}, and stay`;
  if (error instanceof FormatError && published > 0n)
    return new FormatError(error.fault, `${error.message} ${stay}; what is taken up goes on behind them.`, error.facts);
  if (error instanceof JobError && published > 0n && NOTHING_OUT.test(error.message))
    return new JobError(error.code, error.message.replace(NOTHING_OUT, stay), error.facts);
  if (!isTooEarly(error) || !isBehind(error, out)) return error;
  const message = error.message.replace(INTO_ANOTHER_TOPIC, TAKEN_UP_AS_WHOLE);
  return new JobError(error.code, message, { ...error.facts, behind: true });
}

function isTooEarly(error: unknown): error is JobError {
  return error instanceof JobError && error.code === 'outside-window' && error.facts['late'] === false;
}

/** Of equal times the place decides: its window is still to come, and so is its split behind all splits that are out. */
function isBehind({ facts }: JobError, out: PublishPosition | undefined): boolean {
  const last = out?.lastKey;
  return last === undefined || BigInt(String(facts['time'])) >= int64ToBigInt(last.timeHi, last.timeLo);
}
