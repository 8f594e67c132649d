import type { Command } from 'commander';
import type { ReplayPlan } from '../../activities/replay/plan/replay-plan.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { defaultId } from '../job-of.ts';
import { guideLines, planGuide } from '../plan-guide.ts';
import { planLines } from '../plan-lines.ts';
import { planOf } from '../plan-of.ts';
import { readJob } from '../read-job.ts';
import { showPlan } from '../show-result.ts';
import { withTemporal } from '../temporal.ts';

/** `rewind plan JOB.json`: what the job would do; touches nothing. */
export function planCommand(): Command {
  return temporalCommand('plan', 'show what a replay would do; touches nothing', 'rewind plan job.json')
    .argument('<job.json>', 'the job, or - for standard input')
    .action(async (path: string, options: CommonOptions) => {
      const output = outputOf(options);
      const { plan: _plan, ...job } = await readJob(path);
      await withTemporal(options, async (client) => {
        const { taskQueue } = options;
        const plan = await planOf<ReplayPlan>(client, 'replayPlan', {
          id: defaultId('plan', job),
          job,
          taskQueue,
          output,
        });
        const guide = planGuide(plan, job, path);
        const lines = guide === undefined ? [] : guideLines(guide, plan.situation?.gap === true);
        const document = { ...plan, ...(guide !== undefined && { guide }) };
        showPlan(output, plan, [...planLines(plan), ...lines], document);
      });
    });
}
