import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { remedyOf } from './failure-remedy.ts';
import { goesOn } from './goes-on.ts';
import { withoutEnd } from './sentence.ts';
import { JOB_KINDS, type WorkflowKind } from './workflow-kind.ts';

/** Which workflow it was that ended. */
export interface EndedWorkflow {
  workflowId: string;
  kind: WorkflowKind;
}

/** What a workflow ended with, as the two lines that a person needs: of the chain of causes, Rewind's own failure. */
export function explainFailure(error: WorkflowFailedError, { workflowId, kind }: EndedWorkflow): CommandError {
  const chain: Error[] = [];
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) chain.push(cause);
  const goOn = goesOn(kind, workflowId);
  const application = chain.find((cause) => cause instanceof ApplicationFailure);
  if (application instanceof ApplicationFailure) {
    const type = application.type ?? undefined;
    const wrongInput = type === 'rewind.job.input-invalid';
    const next = !wrongInput && (kind === 'archive' || kind === 'ranges') ? ` ${goOn}` : '';
    const remedy = JOB_KINDS.includes(kind)
      ? remedyOf(type, workflowId)
      : `This is ${type ?? 'an error without a type'}: docs/errors.md says what to do.${next}`;
    return new CommandError(wrongInput ? EXIT.usage : EXIT.failed, application.message, remedy, type);
  }
  const [first] = chain;
  if (first instanceof CancelledFailure) return new CommandError(EXIT.cancelled, `The ${kind} was cancelled.`, goOn);
  if (first instanceof TerminatedFailure) {
    const reason = withoutEnd(first.message) || 'no reason was given';
    return new CommandError(EXIT.cancelled, `The ${kind} was terminated: ${reason}.`, goOn);
  }
  // Started for their answer alone (answer-limit.ts). Whether a drain has committed, the next one tells.
  if (first instanceof TimeoutFailure && (kind === 'plan' || kind === 'drain'))
    return new CommandError(
      EXIT.noAnswer,
      `The ${kind} was not answered in the time that it had, and was given up.`,
      "Start a worker where none serves the task queue. Workers of an older release don't know what a newer command starts: upgrade them, or use the command of their release (docs/deploying.md). Then run the command again.",
    );
  if (first instanceof TimeoutFailure)
    return new CommandError(EXIT.failed, `The ${kind} ran into a time-out that was set when it was started.`, goOn);
  return new CommandError(EXIT.failed, `${withoutEnd(first?.message ?? error.message)}.`, 'See it in the Web UI.');
}
