import { ConnectionError } from '../../../connections/connection-error.ts';
import type { TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { LoadedFunctions } from '../../replay/functions/functions-module.ts';
import { functionNamed } from '../../replay/functions/functions-module.ts';
import { PLAN_ANEW } from '../plan/assert-same-log.ts';
import type { Range } from './range-function.ts';
import { RangeRecords, UndecodableRecord, type RecordsOptions } from './range-records.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';
import { FunctionFailed, type RangeDone } from './range-task.ts';
import { MOST_SUMMARY_BYTES, NoSummary, summaryJson } from './summary-json.ts';
import { messageOf } from '../../step/thrown-in-words.ts';

export interface RangeCall extends Omit<RecordsOptions, 'read'> {
  functions: LoadedFunctions;
  /** Name of the function, and the group that it reads for. */
  name: string;
  group: string;
  attempt: number;
  /** Says that the function moves. */
  alive: (records: RangeRecords) => void;
}

/**
 * Calls a function of the user's own for a range, and gives what came of it. What went wrong in reading is told as such,
 * whatever the function made of it.
 *
 * @throws FunctionFailed with the offset that it was at
 */
export async function callRange(
  range: PlannedRange,
  reader: TopicReader,
  { functions, name, group, attempt, alive, ...options }: RangeCall,
): Promise<Omit<RangeDone, 'seconds'>> {
  const call = functionNamed('range', name, functions.functions);
  const records = new RangeRecords(range, reader, {
    ...options,
    read: () => alive(records),
    pace: async (more, bytes) => {
      alive(records);
      await options.pace(more, bytes);
    },
  });
  const context = { attempt, signal: options.signal, heartbeat: () => alive(records) };
  let returned: unknown;
  let threw: { error: unknown } | undefined;
  try {
    returned = await call(rangeOf(range, group), records, context);
  } catch (error) {
    threw = { error };
  }
  options.signal.throwIfAborted();
  if (records.failure !== undefined) throw readingError(range, records.failure.error);
  const failed = (what: string, cause?: unknown): FunctionFailed =>
    new FunctionFailed(`${range.topic}-${range.partition}, range ${range.id}: the function range.${name} ${what}`, {
      cause,
    });
  if (threw !== undefined) throw failed(`threw ${whereOf(records)}: ${messageOf(threw.error)}`, threw.error);
  if (!records.done)
    throw failed(
      `returned ${whereOf(records)}, and its records go up to offset ${range.to}: it must read them to the end, or what it has not seen would be taken for consumed`,
    );
  try {
    const summary = summaryJson(returned, MOST_SUMMARY_BYTES);
    return {
      summary,
      records: records.records,
      bytes: records.bytes,
      left: records.left,
      skipped: records.skipped,
      hash: functions.hash,
    };
  } catch (error) {
    if (!(error instanceof NoSummary)) throw error;
    throw failed(error.message);
  }
}

/** What functions are told of a range. */
export function rangeOf({ id, topic, partition, from, to }: PlannedRange, group: string): Range {
  return { id, topic, partition, first: BigInt(from), next: BigInt(to), group };
}

function whereOf({ inHand, done }: RangeRecords): string {
  if (done) return 'behind its last record';
  if (inHand === undefined) return 'before its first record';
  return `at the records of offsets ${inHand.first} to ${inHand.next - 1n}`;
}

function readingError({ topic, partition, id }: PlannedRange, error: unknown): unknown {
  // What is planned is not there any more, and will not be: whoever goes on with the plan finds the same.
  if (error instanceof ConnectionError && error.fault === 'changed')
    return new ConnectionError(
      'changed',
      `${error.message}. The range ${id} can't be read as it was planned, and no offset moves: ${PLAN_ANEW}`,
      error.facts,
      error,
    );
  if (!(error instanceof UndecodableRecord)) return error;
  const { offset, reason, message } = error;
  return new FormatError(
    reason === 'schema' || reason === 'unknown-schema' ? 'schema' : 'corrupt',
    `${topic}-${partition}, offset ${offset}: ${reason}: ${message}. The range ${id} ends there, and no offset moves: mend the schema or the producer, or set badData.policy to "skip", which counts it and goes on`,
  );
}
