import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  patched,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { cancellationOf } from './ended-by-cancelling.ts';
import { PROGRESS_QUERY } from './messages.ts';
import { assertOneSdk } from './one-sdk.ts';
import { RunControl } from './run-control.ts';
import type { RunProgress, RunStatus } from './run-progress.ts';
import type { RunState } from './run-state.ts';
import { RunWaits, waitingSignal } from './run-waits.ts';
import { runStep, timed } from './step-clock.ts';
import { ToldShare } from './told-share.ts';

/** What the frame must know of a workflow. */
export interface Workflow<Step extends string, State extends RunState<Step>, Progress extends RunProgress, Result> {
  /** All steps in their order, `done` at the end. */
  readonly order: readonly Step[];
  /** The state of a run that goes on where another has stopped; undefined for the first run of a job. */
  readonly carried: State | undefined;
  /** How far the job is before there is a state: while its input is being checked. */
  readonly atFirst: () => Progress;
  /** Checks the input, and makes the state that the job begins with. */
  readonly begin: () => Promise<State>;
  /** The steps. */
  readonly body: (run: Run<Step, State>) => Promise<Result>;
  /** Continues as new with this state; never returns. */
  readonly continueWith: (state: State) => Promise<never>;
  /** The answer of the query `progress`. `now` is the time of the workflow, in milliseconds since 1970 UTC. */
  readonly progress: (state: State, status: RunStatus, now: number) => Progress;
  /** Markdown that Temporal's Web UI shows of the job. */
  readonly details: (progress: Progress) => string;
  /** How much of the step in hand is done, in per cent; undefined where nothing can be said. */
  readonly percent: (progress: Progress) => number | undefined;
}

/** What the parts of a workflow share while it runs. */
export interface Run<Step extends string, State extends RunState<Step>> {
  readonly state: State;
  readonly control: RunControl;
  /** Shows what has changed to who watches: a command, which must not come from what is heard of a step. */
  readonly show: () => void;
  /** Of `inWindow`. */
  readonly oneByOne: boolean;
  /**
   * Waits while the job is paused, then runs a step unless an earlier run of the job has finished it: what comes of it
   * is in the state.
   */
  readonly step: (name: Step, body: () => Promise<void>) => Promise<void>;
  /** The same for a step whose result the state doesn't hold: it runs again where the job is continued. */
  readonly stepAnew: (name: Step, body: () => Promise<void>) => Promise<void>;
  /** What is behind the point of no return: who cancels now comes too late, and finds a job that has succeeded. */
  readonly onlyForward: <T>(body: () => Promise<T>) => Promise<T>;
  /** Whether `carryOn` would go on in a new run. */
  readonly historyIsLong: () => boolean;
  /** Goes on in a new run where the history is long; to be called with no activity in hand. */
  readonly carryOn: () => Promise<void>;
}

/**
 * The frame of every workflow: hears people, tells how far it is, goes on in a new run where the history is long, and
 * leaves with the workflow how far it got where that is cancelled. Commands are those that `begin` and `body` give,
 * besides the memo `outcome` of a cancelled job.
 */
export async function runJob<Step extends string, State extends RunState<Step>, Progress extends RunProgress, Result>(
  workflow: Workflow<Step, State, Progress, Result>,
): Promise<Result> {
  assertOneSdk();
  const waits = new RunWaits();
  // Who waits has no rate and no time left that would be true.
  const waiting = (of: Progress): Progress =>
    waits.longest === undefined
      ? of
      : { ...of, waitingFor: waits.longest, recordsPerSecond: undefined, secondsLeft: undefined };
  let progress = (): Progress => waiting(workflow.atFirst());
  let share = new ToldShare();
  let oneByOne = true;
  const showDetails = (now: Progress): void => setCurrentDetails(workflow.details(now));
  const show = (): void => {
    const now = progress();
    showDetails(now);
    share.tell(now, workflow.percent(now));
  };
  setHandler(defineQuery<Progress>(PROGRESS_QUERY), () => progress());
  setHandler(waitingSignal, (told) => {
    waits.hear(told);
    if (oneByOne) showDetails(progress());
    else show();
  });
  show();
  const state = workflow.carried ?? (await workflow.begin());
  // Asked once, here, as by the share: what comes later may be seen live, and would be missing when it is replayed.
  oneByOne = patched('one-by-one');
  share = new ToldShare(state.job.searchAttributes, !oneByOne);
  const control = new RunControl(state.control);
  let forward = false;
  waits.moved();
  const progressNow = (): Progress => waiting(workflow.progress(state, statusOf(state, control, forward), Date.now()));
  progress = progressNow;
  const moved = (): void => {
    waits.moved();
    show();
  };
  control.listen(show);
  show();
  try {
    const result = await workflow.body({
      state,
      control,
      show: moved,
      oneByOne,
      step: async (name, body) => {
        await control.gate();
        await runStep(state, workflow.order, name, body);
        moved();
      },
      stepAnew: async (name, body) => {
        await control.gate();
        await timed(state, name, body);
        waits.moved();
      },
      onlyForward: (body) => {
        forward = true;
        control.onlyForward();
        return CancellationScope.nonCancellable(body);
      },
      historyIsLong,
      carryOn: async () => {
        if (!historyIsLong()) return;
        await condition(allHandlersFinished);
        await workflow.continueWith(state);
      },
    });
    show();
    return result;
  } catch (error) {
    const cancelled = cancellationOf(error, 'the job was cancelled');
    if (cancelled === undefined) throw error;
    // A cancelled workflow has no result; how far it got stays with it.
    waits.moved();
    const outcome: Progress = { ...progressNow(), status: 'cancelled' as const };
    progress = () => outcome;
    upsertMemo({ outcome });
    show();
    throw cancelled;
  }
}

function statusOf({ step }: RunState, control: RunControl, forward: boolean): RunStatus {
  if (step === 'done') return 'done';
  if (!forward && CancellationScope.current().consideredCancelled) return 'cancelling';
  if (control.standsStill) return 'paused';
  return control.pausing ? 'pausing' : 'running';
}

function historyIsLong(): boolean {
  return workflowInfo().continueAsNewSuggested;
}
