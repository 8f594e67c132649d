import type { ArchivePlan } from '../activities/archive/plan/archive-plan.ts';
import type { DrainReport } from '../activities/drain/drain-report.ts';
import type { RangesOutlook } from '../activities/ranges/plan/ranges-outlook.ts';
import type { ReplayPlan } from '../activities/replay/plan/replay-plan.ts';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import type { RangesResult } from '../workflows/ranges/ranges-result.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import type { VerifyResult } from '../workflows/verify/verify-result.ts';
import { archivePlanLines, archiveResultLines } from './archive-lines.ts';
import { drainLines } from './drain-lines.ts';
import { planLines } from './plan-lines.ts';
import { rangesPlanLines, rangesResultLines } from './ranges-lines.ts';
import { resultAndNext } from './result-lines.ts';
import { verifyResultLines } from './verify-lines.ts';
import type { WorkflowKind } from './workflow-kind.ts';

/** What a job of any kind has ended with, for people; of a release before this one, too. */
export function jobResultLines(id: string, kind: WorkflowKind, result: object): string[] {
  switch (kind) {
    case 'archive':
      return isArchivePlan(result) ? archivePlanLines(result) : archiveResultLines(result as ArchiveResult);
    case 'replay':
    case 'offsets':
      return resultAndNext(result as ReplayResult, id);
    case 'ranges':
      return rangesResultLines(result as RangesResult);
    case 'plan':
      if (isRangesOutlook(result)) return rangesPlanLines(result);
      return isArchivePlan(result) ? archivePlanLines(result) : planLines(result as ReplayPlan);
    case 'verify':
      return verifyResultLines(result as VerifyResult);
    case 'drain':
      return drainLines(result as DrainReport);
    case 'clean':
    case 'finish':
      return [JSON.stringify(result, undefined, 2)];
  }
}

function isRangesOutlook(plan: object): plan is RangesOutlook {
  // Archives' plans have lists there, and replays' none.
  return 'topics' in plan && typeof plan.topics === 'number';
}

function isArchivePlan(plan: object): plan is ArchivePlan {
  return 'ready' in plan && 'topics' in plan;
}
