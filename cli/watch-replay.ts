import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import type { Output } from './output.ts';
import { asAtEndOf, progressLine, toldProgress } from './progress-line.ts';
import { isSilent, statusOf, type ReplayStatusReport } from './replay-status.ts';
import { withoutWorkers } from './task-queue.ts';
import type { WorkflowKind } from './workflow-kind.ts';

const POLL_MS = 500;
/** Without a word from a worker for so long, the one who watches is told that there is none. */
const SILENCE_MS = 10_000;

export interface WatchOptions {
  /** Whether progress is shown; else only the end is awaited. */
  progress: boolean;
  output: Output;
  /** @default 'replay' */
  kind?: WorkflowKind;
}

/**
 * Follows a job to its end and returns its result; throws what it ended with. Ctrl-C ends the watching, not the job.
 */
export async function watchReplay<Result = ReplayResult>(
  client: Client,
  workflowId: string,
  options: WatchOptions,
): Promise<Result> {
  const { output } = options;
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  const line = new ProgressOutput(output);
  try {
    const result = client.workflow.getHandle(workflowId).result() as Promise<Result>;
    let ended = false;
    const mark = (): void => void (ended = true);
    result.then(mark, mark);
    // Once the job has ended a look is for the bar alone: where it fails nothing is drawn, and the result, which is in hand,
    // is what the command ends with.
    const look = (): Promise<ReplayStatusReport | undefined> =>
      statusOf(client, workflowId).catch((error: unknown) => {
        if (!ended) throw error;
        return undefined;
      });
    let heardAt = Date.now();
    let followed = false;
    while (!ended && !interrupted.signal.aborted) {
      const report = await look();
      if (report === undefined) break;
      if (report.answered) heardAt = Date.now();
      if (Date.now() - heardAt > SILENCE_MS) {
        heardAt = Date.now();
        const nobody = await withoutWorkers(client, report.taskQueue, isSilent(report));
        if (nobody !== undefined) output.note(nobody);
      }
      if (!options.progress) line.note(report.waits[0]);
      if (options.progress && report.workflowStatus === 'RUNNING') {
        line.follow(report);
        followed = true;
      }
      await Promise.race([
        result.catch(() => undefined),
        sleep(POLL_MS, undefined, { signal: interrupted.signal }),
      ]).catch(
        () => undefined, // interrupted
      );
    }
    // What came since the last look: a fast step would else be left where it began. Of a job that had ended before there is
    // nothing to follow.
    const last = followed && ended ? await look() : undefined;
    if (last !== undefined) line.follow(last);
    line.end();
    if (!ended)
      throw new CommandError(
        EXIT.noAnswer,
        `The job ${workflowId} goes on; only the watching was ended.`,
        `rewind status ${workflowId} --watch looks again, rewind cancel ${workflowId} ends it.`,
      );
    return await result;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw explainFailure(error, { workflowId, kind: options.kind ?? 'replay' });
  } finally {
    process.off('SIGINT', onInterrupt);
    line.end();
  }
}

/** Draws over itself on a terminal; elsewhere a line for each change, as JSON for machines. */
class ProgressOutput {
  readonly #output: Output;
  #last = '';
  #step: string | undefined;
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** A step that is over is shown once more as it has ended: nobody looks often enough to see that otherwise. */
  follow(report: ReplayStatusReport): void {
    const told = toldProgress(report);
    // Of one that has ended, and of which no worker tells.
    if (told === undefined && report.workflowStatus !== 'RUNNING') return;
    const before = this.#step;
    this.#step = told?.step ?? before;
    if (before !== undefined && before !== this.#step && !this.#output.json)
      this.#show(progressLine(asAtEndOf(before, report)), told);
    if (told?.step !== 'done') this.#show(progressLine(report), told);
  }

  #show(line: string, progress: unknown): void {
    const onTerminal = process.stderr.isTTY && !this.#output.json;
    const told = onTerminal ? line : withoutTimes(line);
    if (told === this.#last) return;
    this.#last = told;
    if (this.#output.json) console.error(JSON.stringify({ progress: progress ?? null }));
    else if (onTerminal) {
      process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
      this.#drawn = true;
    } else console.error(line);
  }

  /** Where no progress is shown, at least what is waited for is told, once. */
  note(wait: string | undefined): void {
    if (wait === undefined || withoutTimes(wait) === this.#last) return;
    this.#last = withoutTimes(wait);
    this.#output.note(`waits: ${wait}`);
  }

  end(): void {
    if (this.#drawn) process.stderr.write('\n');
    this.#drawn = false;
  }
}

/** The same wait is told once, however often it is tried; a terminal shows the times in place. */
function withoutTimes(wait: string): string {
  return wait.replace(/ \(attempt \d+\)/, '');
}
