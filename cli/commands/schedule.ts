import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { readJob } from '../read-job.ts';
import { summaryOf } from '../summary-of-job.ts';
import { withTemporal } from '../temporal.ts';

type ScheduleOptions = CommonOptions & {
  id: string;
  cron?: string;
  every?: string;
  timeZone: string;
  paused: boolean;
};

/** What a job is, by what it can't be without; whether it is a good one, the workflow judges. */
export function workflowOf(job: Record<string, unknown>): 'archive' | 'ranges' | 'replay' | 'verify' {
  if ('inputs' in job) return 'ranges';
  if ('verify' in job) return 'verify';
  return 'dest' in job && !('topic' in job) ? 'archive' : 'replay';
}

/** `rewind schedule JOB.json`: a Schedule that starts the job again and again; docs/schedules.md. */
export function scheduleCommand(): Command {
  return temporalCommand(
    'schedule',
    'create a Schedule that starts a replay, an archive, a verify or a job of ranges again and again',
    "rewind schedule nightly.json --id nightly-events --cron '15 2 * * *' --time-zone Europe/Berlin",
  )
    .argument('<job.json>', 'the job, or - for standard input')
    .requiredOption('--id <id>', 'id of the Schedule, and the beginning of the ids of its workflows')
    .option('--cron <expression>', "when, as in cron: '15 2 * * *'")
    .option('--every <duration>', "when, in place of --cron: '6h', '1d'")
    .option('--time-zone <zone>', 'time zone of --cron', 'UTC')
    .option('--paused', 'create it paused', false)
    .action(async (path: string, { id, cron, every, timeZone, paused, ...options }: ScheduleOptions) => {
      const job = await readJob(path);
      const workflow = workflowOf(job);
      if ((cron === undefined) === (every === undefined))
        throw new CommandError(
          EXIT.usage,
          'When is the job to start?',
          "Give either --cron '15 2 * * *' or --every 6h.",
        );
      const spec =
        cron === undefined
          ? { intervals: [{ every: every as '1d' }] }
          : { cronExpressions: [cron], timezone: timeZone };
      await withTemporal(options, async (client) => {
        try {
          await client.schedule.create({
            scheduleId: id,
            spec,
            policies: { overlap: ScheduleOverlapPolicy.SKIP },
            state: { paused },
            action: {
              type: 'startWorkflow',
              workflowType: workflow,
              staticSummary: summaryOf(workflow, job),
              workflowId: id,
              taskQueue: options.taskQueue,
              args: [job],
              memo: { kind: workflow, ...(typeof job['topic'] === 'string' && { topic: job['topic'] }) },
            },
          });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
          throw new CommandError(
            EXIT.usage,
            `There is a Schedule ${id} already.`,
            `Choose another --id, or delete it: temporal schedule delete --schedule-id ${id}`,
          );
        }
        const { info } = await client.schedule.getHandle(id).describe();
        const next = info.nextActionTimes.slice(0, 3).map((at) => at.toISOString());
        outputOf(options).result({ scheduleId: id, workflow, paused, next }, [
          `created the Schedule ${id} of the workflow ${workflow}${paused ? ', paused' : ''}`,
          ...next.map((at) => `will start at ${at}`),
        ]);
      });
    });
}
