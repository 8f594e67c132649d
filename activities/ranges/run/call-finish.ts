import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { functionNamed, type LoadedFunctions } from '../../replay/functions/functions-module.ts';
import { JobError } from '../../step/job-error.ts';
import { rangeOf } from './call-range.ts';
import type { RangeSummary } from './range-function.ts';
import { parseReport } from './range-report.ts';
import { FunctionFailed, type FinishTask } from './range-task.ts';
import { MOST_RESULT_BYTES, NoSummary, summaryJson } from './summary-json.ts';
import { messageOf } from '../../step/thrown-in-words.ts';

/** Reports that are read before they are asked for. */
const AHEAD = 8;

export interface FinishCall {
  functions: LoadedFunctions;
  store: Pick<FileStore, 'status' | 'read'>;
  signal: AbortSignal;
  /** Says that the function moves. */
  alive: (progress: object) => void;
}

/**
 * Calls `finish` with the summaries of all ranges, which are read as it asks for them.
 *
 * @returns what it returned, as JSON
 * @throws FunctionFailed
 */
export async function callFinish(task: Omit<FinishTask, 'hdfs'>, call: FinishCall): Promise<string> {
  const { functions, signal, alive } = call;
  const name = task.job.finish ?? '';
  const finish = functionNamed('finish', name, functions.functions);
  const reading: { failure?: Error } = {};
  let summaries = 0;
  const beat = (): void => alive({ summaries });
  const failed = (what: string, cause?: unknown): FunctionFailed =>
    new FunctionFailed(`the function finish.${name} ${what}`, { cause });
  // As often as it is asked for: a second look that found nothing would make a wrong result of a right function.
  const all: AsyncIterable<RangeSummary<never>> = {
    async *[Symbol.asyncIterator]() {
      summaries = 0;
      for await (const summary of summariesOf(task, call, reading)) {
        summaries += 1;
        beat();
        yield summary as RangeSummary<never>; // what the job's functions gave, as the user says
      }
    },
  };
  let returned: unknown;
  try {
    returned = await finish(all, { job: task.job.id, attempt: task.attempt, signal, heartbeat: beat });
  } catch (error) {
    signal.throwIfAborted();
    if (reading.failure !== undefined) throw reading.failure;
    throw failed(`threw after ${summaries} of ${task.ranges.length} summaries: ${messageOf(error)}`, error);
  }
  signal.throwIfAborted();
  // Whatever the function made of it: what it has not seen must not be taken for finished.
  if (reading.failure !== undefined) throw reading.failure;
  try {
    return summaryJson(returned, MOST_RESULT_BYTES);
  } catch (error) {
    if (!(error instanceof NoSummary)) throw error;
    throw failed(error.message);
  }
}

async function* summariesOf(
  { ranges, job }: Pick<FinishTask, 'ranges' | 'job'>,
  { store, signal }: Pick<FinishCall, 'store' | 'signal'>,
  reading: { failure?: Error },
): AsyncGenerator<RangeSummary> {
  const read = async ({ range, report }: FinishTask['ranges'][number]): Promise<RangeSummary> => {
    const status = await store.status(report, signal);
    if (status === undefined)
      throw new JobError('staging-lost', `The report ${report} is gone while the job runs. Start the job again.`, {
        report,
      });
    const { summary } = parseReport(report, await store.read(report, 0, status.length, signal));
    return { range: rangeOf(range, job.inputs[range.input]!.group), summary: JSON.parse(summary) as unknown };
  };
  const ahead: Promise<RangeSummary>[] = [];
  for (let next = 0; next < ranges.length || ahead.length > 0;) {
    for (; ahead.length < AHEAD && next < ranges.length; next += 1) {
      const summary = read(ranges[next]!);
      summary.catch(() => undefined); // it is awaited, and so thrown, at its turn
      ahead.push(summary);
    }
    try {
      yield await ahead.shift()!;
    } catch (error) {
      reading.failure ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}
