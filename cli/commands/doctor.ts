import { isGrpcServiceError } from '@temporalio/client';
import { Option, type Command } from 'commander';
import { JobError } from '../../activities/step/job-error.ts';
import type { WithTemporal } from '../../workers/doctor/examine-all.ts';
import { count } from '../byte-size.ts';
import { counted } from '../../workflows/run/readable.ts';
import { CommandError } from '../command-error.ts';
import { outputOf, temporalCommand, type CommonOptions } from '../command-line.ts';
import { doctorLines } from '../doctor-lines.ts';
import { EXIT } from '../exit-code.ts';
import { readJob } from '../read-job.ts';
import { startError } from '../start-error.ts';
import { withTemporal } from '../temporal.ts';

type DoctorOptions = CommonOptions & { timeout: number };

/** `rewind doctor [JOB.json]`: everything that the worker's configuration names, examined from here. */
export function doctorCommand(): Command {
  return temporalCommand(
    'doctor',
    "examine every connection of the worker's configuration: reached, version, clock, rights, room; changes nothing",
    'REWIND_CONFIG=/etc/rewind/worker.json rewind doctor job.json',
  )
    .argument('[job.json]', 'a replay, an archive, a job of ranges or a verify, whose own rights are asked')
    .addOption(
      new Option('--timeout <seconds>', 'for each connection; all are examined at once').argParser(count).default(20),
    )
    .action(async (path: string | undefined, options: DoctorOptions, command: Command) => {
      const job = path === undefined ? undefined : await readJob(path);
      // Loads all connections: only for who examines them.
      const { examineAll } = await import('../../workers/doctor/examine-all.ts');
      const limits = { limitMs: options.timeout * 1000, signal: new AbortController().signal };
      // Without the option the file that REWIND_CONFIG names has a say.
      const given = command.getOptionValueSource('taskQueue') === 'cli' ? { REWIND_TASK_QUEUE: options.taskQueue } : {};
      const environment = { ...process.env, ...given };
      const report = await examineAll(environment, job, limits, (use) => overTemporal(options, use)).catch(
        (error: unknown) => {
          throw wrongJob(error) ?? startError(error);
        },
      );
      outputOf(options).result(report, doctorLines(report));
      if (!report.healthy)
        throw new CommandError(
          EXIT.failed,
          `${counted(report.faults, 'fault')} would stop jobs, or keep them waiting.`,
          'Each says above what to do.',
        );
    });
}

/** A job that would be refused as it is. */
function wrongJob(error: unknown): CommandError | undefined {
  if (!(error instanceof JobError)) return undefined;
  return new CommandError(EXIT.usage, error.message, 'Correct the job; docs/job.md describes every field.');
}

/** Temporal as a finding as well: the other servers are examined without it. */
async function overTemporal(options: DoctorOptions, examine: Parameters<WithTemporal>[0]): ReturnType<WithTemporal> {
  try {
    return await withTemporal(options, ({ connection }, namespace, address) =>
      examine(connection, { namespace, address }),
    );
  } catch (error) {
    if (error instanceof CommandError) return { says: error.message.replace(/\.$/, ''), remedy: error.remedy };
    if (!isGrpcServiceError(error)) throw error;
    const remedy = 'check TEMPORAL_API_KEY, the certificates and TEMPORAL_NAMESPACE, or choose a --profile';
    return { says: `Temporal refused: ${error.details}`, remedy };
  }
}
