import { jobResultLines } from './job-result-lines.ts';
import type { Output } from './output.ts';
import { shortfallOf } from './shortfall.ts';
import type { WorkflowKind } from './workflow-kind.ts';

/** Shows what a job has ended with, and ends the command with what it did not reach. */
export function showResult(output: Output, id: string, kind: WorkflowKind, result: object): void {
  output.result(result, jobResultLines(id, kind, result));
  const shortfall = shortfallOf(kind, result);
  if (shortfall !== undefined) throw shortfall;
}
