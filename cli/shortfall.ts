import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import type { VerifyResult } from '../workflows/verify/verify-result.ts';
import { counted } from '../workflows/run/readable.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { isArchivePlan, isPlan, isRangesOutlook, type AnyPlan } from './plan-kinds.ts';
import type { WorkflowKind } from './workflow-kind.ts';

/**
 * What a job that has succeeded did not reach. Every command that shows its result ends with that, whether it has waited for
 * the job or asks later: who looks after a Schedule has but the exit code of `rewind result`.
 *
 * @returns undefined where nothing is short
 */
export function shortfallOf(kind: WorkflowKind, result: object): CommandError | undefined {
  if (isPlan(result)) return ofPlan(result);
  if (kind === 'archive') return ofArchive(result as ArchiveResult);
  return kind === 'verify' ? ofVerify(result as VerifyResult) : undefined;
}

function ofArchive({ problems, moreProblems }: ArchiveResult): CommandError | undefined {
  if (problems.length === 0) return undefined;
  const count = problems.length + moreProblems;
  return new CommandError(
    EXIT.failed,
    `${counted(count, 'topic')} ${count === 1 ? 'was' : 'were'} not archived, or not wholly; the others are.`,
    'Each problem says above what to do; the next run makes up for what is left.',
  );
}

function ofPlan(plan: AnyPlan): CommandError | undefined {
  if (plan.ready) return undefined;
  if (isArchivePlan(plan))
    return new CommandError(
      EXIT.failed,
      'A run would not archive everything.',
      'Each problem says above what to do; docs/archive-job.md has the options.',
    );
  if (isRangesOutlook(plan))
    return new CommandError(
      EXIT.failed,
      'A job would not read all that it is asked for.',
      'Each problem says above what to do; docs/ranges.md has the options.',
    );
  return new CommandError(
    EXIT.failed,
    `The job would not succeed: ${counted(plan.problems.length, 'problem')}.`,
    'Each says above what to do; docs/errors.md explains its type.',
    plan.problems[0]?.type,
  );
}

function ofVerify({ agrees, topic, findings, moreFindings, report }: VerifyResult): CommandError | undefined {
  if (agrees) return undefined;
  return new CommandError(
    EXIT.failed,
    `The archive of ${topic} and what it was compared with differ: ${findings.length + moreFindings} findings.`,
    `Each is named above, all of them in ${report}; docs/verify.md says what they mean.`,
  );
}
