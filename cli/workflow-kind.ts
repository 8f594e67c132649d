/** Workflow types that are jobs of Rewind, by the name of what they do; `replay` is told apart by its memo. */
const KIND_OF_TYPE: Readonly<Record<string, WorkflowKind>> = { replay: 'replay', cleanStaging: 'clean' };

/** What a workflow of Rewind is for. */
export const WORKFLOW_KINDS = ['replay', 'offsets', 'plan', 'clean'] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** Kinds that are jobs: they leave something behind, and can be taken up. */
export const JOB_KINDS: readonly WorkflowKind[] = ['replay', 'offsets'];

/** Temporal's list of the workflows of these kinds; some more, since `kindOf` knows more than a query. */
export function listQuery(kinds: readonly WorkflowKind[]): string {
  const types = Object.entries(KIND_OF_TYPE).flatMap(([type, kind]) =>
    kinds.includes(kind) || (kind === 'replay' && kinds.some((each) => each !== 'clean')) ? [`"${type}"`] : [],
  );
  return `WorkflowType IN (${types.join(', ')})`;
}

/** Undefined: no workflow of Rewind. */
export function kindOf({ type, memo, workflowId }: DescribedWorkflow): WorkflowKind | undefined {
  const kind = KIND_OF_TYPE[type];
  if (kind !== 'replay') return kind;
  const told = memo?.['kind'];
  if (WORKFLOW_KINDS.some((each) => each === told)) return told as WorkflowKind;
  // Plans of releases that left no memo.
  return PLAN_ID.test(workflowId) ? 'plan' : 'replay';
}

const PLAN_ID = /^plan-.*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface DescribedWorkflow {
  type: string;
  memo?: Record<string, unknown> | undefined;
  workflowId: string;
}
