import type { Command } from 'commander';
import type { ArchivePlan } from '../../activities/archive/plan/archive-plan.ts';
import type { RangesOutlook } from '../../activities/ranges/plan/ranges-outlook.ts';
import type { DrainReport } from '../../activities/drain/drain-report.ts';
import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import type { ArchiveResult } from '../../workflows/archive/archive-result.ts';
import type { RangesResult } from '../../workflows/ranges/ranges-result.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import type { VerifyResult } from '../../workflows/verify/verify-result.ts';
import { archivePlanLines, archiveResultLines } from '../archive-lines.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { drainLines } from '../drain-lines.ts';
import { planLines } from '../plan-lines.ts';
import { rangesPlanLines, rangesResultLines } from '../ranges-lines.ts';
import { statusOf } from '../replay-status.ts';
import { resultAndNext } from '../result-lines.ts';
import { verifyResultLines } from '../verify-lines.ts';
import { withTemporal } from '../temporal.ts';
import { watchReplay } from '../watch-replay.ts';
import type { WorkflowKind } from '../workflow-kind.ts';

/** `rewind result ID`: what a job that has ended did, and what to do next; of one that failed, why and what helps. */
export function resultCommand(): Command {
  return temporalCommand(
    'result',
    'show what a job that has ended did, and what comes next',
    'rewind result replay-events',
  )
    .argument('<id>', 'id of the workflow')
    .action(async (id: string, options: CommonOptions) => {
      const output = outputOf(options);
      await withTemporal(options, async (client) => {
        const report = await statusOf(client, id);
        if (report.workflowStatus === 'RUNNING')
          throw new CommandError(
            EXIT.noAnswer,
            `${id} has not ended yet.`,
            `rewind status ${id} --watch follows it to its end.`,
          );
        const { kind } = report;
        const result = await watchReplay<object>(client, id, { progress: false, output, kind });
        output.result(result, linesOf(id, kind, result));
      });
    });
}

function linesOf(id: string, kind: WorkflowKind, result: object): string[] {
  switch (kind) {
    case 'archive':
      return archiveResultLines(result as ArchiveResult);
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
  return 'pages' in plan;
}

function isArchivePlan(plan: object): plan is ArchivePlan {
  return 'ready' in plan && 'topics' in plan;
}
