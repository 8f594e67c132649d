import { CancellationScope, patched } from '@temporalio/workflow';
import type { PulledRanges } from '../../activities/archive/steps.ts';
import { addText } from '../run/int64-text.ts';
import type { Run } from '../run/run-job.ts';
import { inWindow } from '../run/window.ts';
import type { ArchiveState, ArchiveStep } from './archive-state.ts';
import { cancelledWhole } from './cancelled-whole.ts';
import type { ArchiveSteps } from './steps-of.ts';
import { addTopics } from './topic-progress.ts';

export interface ArchiveRun extends Run<ArchiveStep, ArchiveState> {
  readonly steps: ArchiveSteps;
}

/** Pulls what was planned, some pulls at a time; none begins after `limits.minutes`. */
export async function pullAll({ state, steps, show, ...run }: ArchiveRun): Promise<void> {
  const { control } = run;
  const { job, planned } = state;
  if (planned === undefined) throw new TypeError('pull before plan');
  const ends = pullingEnds(state);
  const inHand = new Set<Promise<PulledRanges | undefined>>();
  const scope = new CancellationScope();
  const pull = (number: number): Promise<PulledRanges | undefined> => {
    const summary = `pull ${number + 1} of ${planned.pulls}`;
    const { rate } = state.control;
    const { away } = state.pulled;
    const input = { job, pull: number, rate, ...(away !== undefined && { away: [...away] }) };
    const pulling = scope.run(() =>
      control.underLimit(rate, () => steps.pullArchive.executeWithOptions({ summary }, [input])),
    );
    inHand.add(pulling);
    return pulling.finally(() => inHand.delete(pulling));
  };
  try {
    await inWindow({
      ...run,
      atOnce: job.ranges.concurrency,
      take: () => (state.nextPull < planned.pulls && Date.now() <= ends ? state.nextPull++ : undefined),
      run: pull,
      done: (pulled) => {
        if (pulled !== undefined) add(state, pulled);
        show();
        return pulled !== undefined;
      },
      // One that was begun is always done, also behind `ends`: the decision asks for its report.
      again: (state.pullAgain ??= []),
    });
  } catch (error) {
    // Whoever deletes the run's folder now must find nobody who still writes there. Of what they end with nothing counts any
    // more: the run has its reason.
    if (cancelledWhole()) await Promise.allSettled(inHand);
    else if (inHand.size > 0 && failsWhole()) {
      scope.cancel();
      await Promise.allSettled(inHand);
    }
    throw error;
  }
}

/**
 * Whether a pull that fails for good ends those that are in hand. Never so of a run that an older release has begun to throw
 * away: that left them to themselves, and what they still wrote came back into the folder that was deleted.
 */
function failsWhole(): boolean {
  return !CancellationScope.current().consideredCancelled && patched('failed-whole');
}

/**
 * When no pull begins any more. Counted from when a worker came to the run: a firing of a cron expression starts when the
 * one before it ends, and others may wait for a worker for days.
 */
function pullingEnds({ job: { limits }, startedAt, begunAt }: ArchiveState): number {
  if (limits.minutes === undefined) return Infinity;
  const since = begunAt !== undefined && patched('minutes-since-begun') ? begunAt : startedAt;
  return since + limits.minutes * 60_000;
}

/** Brokers that are kept in mind: a state does not grow with its cluster. */
const MOST_AWAY = 100;

function add(state: ArchiveState, { ranges, records, bytes, files, left, topics = [], away }: PulledRanges): void {
  const { pulled } = state;
  pulled.pulls += 1;
  pulled.ranges += ranges;
  pulled.files += files;
  pulled.records = addText(pulled.records, records);
  pulled.bytes = addText(pulled.bytes, bytes);
  for (const [reason, count] of Object.entries(left)) pulled.left[reason] = (pulled.left[reason] ?? 0) + count;
  addTopics(state, topics);
  if (away !== undefined) pulled.away = [...new Set([...(pulled.away ?? []), ...away])].slice(0, MOST_AWAY);
}
