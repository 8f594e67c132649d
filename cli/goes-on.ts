import { JOB_KINDS, type WorkflowKind } from './workflow-kind.ts';

/** How what a job has left is gone on with, in one sentence. */
export function goesOn(kind: WorkflowKind, workflowId: string): string {
  if (JOB_KINDS.includes(kind)) return `rewind resume ${workflowId} takes it up where it stopped.`;
  if (kind === 'ranges')
    return 'Started again, rewind ranges goes on with what is not done of its plan: ranges, and offsets that have not moved.';
  if (kind === 'archive') return 'The next rewind archive makes up for it, from the same offsets.';
  if (kind === 'finish')
    return 'What it placed stays: rewind archive-finish, or the next rewind archive, brings the rest to its end.';
  if (kind === 'clean') return 'Run the command again: it removes what is left.';
  if (kind === 'drain') return 'Run the command again: it tells whether offsets were committed.';
  return 'Nothing was changed: run the command again.';
}
