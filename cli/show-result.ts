import { jobResultLines } from './job-result-lines.ts';
import type { Output } from './output.ts';
import { shortfallOf } from './shortfall.ts';
import type { AnyPlan } from './plan-kinds.ts';
import type { WorkflowKind } from './workflow-kind.ts';

/** Shows what a job has ended with, and ends the command with what it did not reach. */
export function showResult(output: Output, id: string, kind: WorkflowKind, result: object): void {
  output.result(result, jobResultLines(id, kind, result));
  endShortOf(kind, result);
}

/**
 * The same of a plan that was asked for.
 *
 * @param document - for machines, where there is more to it. @default the plan
 */
export function showPlan(output: Output, plan: AnyPlan, lines: readonly string[], document: object = plan): void {
  output.result(document, lines);
  endShortOf('plan', plan);
}

function endShortOf(kind: WorkflowKind, result: object): void {
  const shortfall = shortfallOf(kind, result);
  if (shortfall !== undefined) throw shortfall;
}
