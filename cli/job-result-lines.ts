import type { DrainReport } from '../activities/drain/drain-report.ts';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import type { RangesResult } from '../workflows/ranges/ranges-result.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import type { VerifyResult } from '../workflows/verify/verify-result.ts';
import { archivePlanLines, archiveResultLines } from './archive-lines.ts';
import { drainLines } from './drain-lines.ts';
import { isArchivePlan, isPlan, isRangesOutlook, type AnyPlan } from './plan-kinds.ts';
import { planLines } from './plan-lines.ts';
import { rangesPlanLines, rangesResultLines } from './ranges-lines.ts';
import { resultAndNext } from './result-lines.ts';
import { verifyResultLines } from './verify-lines.ts';
import type { WorkflowKind } from './workflow-kind.ts';

/** What a job of any kind has ended with, for people; of a release before this one, too. */
export function jobResultLines(id: string, kind: WorkflowKind, result: object): string[] {
  if (isPlan(result)) return anyPlanLines(result);
  switch (kind) {
    case 'archive':
      return archiveResultLines(result as ArchiveResult);
    case 'replay':
    case 'offsets':
      return resultAndNext(result as ReplayResult, id);
    case 'ranges':
      return rangesResultLines(result as RangesResult);
    case 'verify':
      return verifyResultLines(result as VerifyResult);
    case 'drain':
      return drainLines(result as DrainReport);
    case 'plan':
    case 'clean':
    case 'finish':
      return [JSON.stringify(result, undefined, 2)];
  }
}

function anyPlanLines(plan: AnyPlan): string[] {
  if (isRangesOutlook(plan)) return rangesPlanLines(plan);
  return isArchivePlan(plan) ? archivePlanLines(plan) : planLines(plan);
}
