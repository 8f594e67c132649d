/** Workflow types of Rewind, by what they are for; what else three of them may be for is told by the memo. */
const KIND_OF_TYPE: Readonly<Record<string, WorkflowKind>> = {
  replay: 'replay',
  cleanStaging: 'clean',
  archive: 'archive',
  finishArchive: 'finish',
  ranges: 'ranges',
  drain: 'drain',
  verify: 'verify',
  replayPlan: 'plan',
  archivePlan: 'plan',
  rangesPlan: 'plan',
};

/** What a workflow of Rewind is for. */
export const WORKFLOW_KINDS = [
  'replay',
  'offsets',
  'archive',
  'ranges',
  'plan',
  'clean',
  'finish',
  'drain',
  'verify',
] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** Kinds that are jobs: they leave something behind, and can be taken up. */
export const JOB_KINDS: readonly WorkflowKind[] = ['replay', 'offsets'];

/** Kinds that a list shows where nothing is said. */
export const LISTED_KINDS: readonly WorkflowKind[] = [...JOB_KINDS, 'archive', 'ranges', 'verify'];

/** Temporal's list of the workflows of these kinds; some more, since `kindOf` knows more than a query. */
export function listQuery(kinds: readonly WorkflowKind[]): string {
  const types = Object.entries(KIND_OF_TYPE).flatMap(([type, kind]) =>
    kinds.includes(kind) || (TOLD_BY_MEMO[kind] ?? []).some((each) => kinds.includes(each)) ? [`"${type}"`] : [],
  );
  return `WorkflowType IN (${types.join(', ')})`;
}

/** What else a workflow of a kind's type may be for, as its memo says: an input with `plan: true` makes a plan of it. */
const TOLD_BY_MEMO: Partial<Record<WorkflowKind, readonly WorkflowKind[]>> = {
  replay: ['offsets', 'plan'],
  archive: ['plan'],
  ranges: ['plan'],
};

/** Undefined: no workflow of Rewind. */
export function kindOf({ type, memo, workflowId }: DescribedWorkflow): WorkflowKind | undefined {
  const kind = KIND_OF_TYPE[type];
  if (kind === undefined) return undefined;
  const told = TOLD_BY_MEMO[kind]?.find((each) => each === memo?.['kind']);
  if (told !== undefined || kind !== 'replay') return told ?? kind;
  if (memo?.['kind'] === 'replay') return 'replay';
  // Plans of releases that left no memo.
  return PLAN_ID.test(workflowId) ? 'plan' : 'replay';
}

const PLAN_ID = /^plan-.*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface DescribedWorkflow {
  type: string;
  memo?: Record<string, unknown> | undefined;
  workflowId: string;
}
