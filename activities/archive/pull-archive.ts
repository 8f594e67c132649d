import { randomUUID } from 'node:crypto';
import { ConnectionError } from '../../connections/connection-error.ts';
import type { Dependencies } from '../dependencies.ts';
import { shareOf } from '../step/rate-limit.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { ARCHIVE_COUNTERS } from './counters.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import { requirePlan } from './plan-archive.ts';
import { countsOf } from './pull/pull-counts.ts';
import { pullLine } from './pull/pull-report.ts';
import type { PullCounts } from './pull/pull-task.ts';
import { readSealedLines } from '../step/sealed-lines.ts';
import type { PulledRanges, PullInput } from './steps.ts';

/**
 * Attempts in which a pull waits for leaders that are away, before what they lead is left to the next run. Who begins behind
 * a pull that has done so looks once, and waits for these no more.
 */
const PATIENT_ATTEMPTS = 3;

/** Memory of a pull beside its files: fetched batches, and one that is unpacked. */
const PULL_BYTES = 96 * 1024 * 1024;

/** Pulls ranges into data files in the run's hidden folder, and leaves a report of them. */
export function pullArchive(deps: Dependencies) {
  return async (input: PullInput, context: StepContext): Promise<PulledRanges> => {
    const { job, pull: number } = input;
    const { signal, progress, metrics, attempt } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    const plan = await requirePlan(store, folders, signal);
    const pull = plan.pulls[number];
    if (pull === undefined)
      throw new JobError('staging-lost', `${folders.plan} has no pull ${number}: it is another run's.`, {
        pull: number,
      });
    const report = folders.report(number);
    const before = await countsInPlace(deps, job, report, signal);
    if (before !== undefined) return { pull: number, ...told(before) };
    const folder = folders.attempt(number, randomUUID(), plan.head.id);
    const release = await deps.budget.take(PULL_BYTES, signal);
    let placing = false;
    try {
      const topics = new Set(pull.ranges.map(({ topic }) => topic));
      const written = `${folder}/report`;
      const counts = await deps.puller.pull(
        {
          job,
          pull,
          schemas: plan.schemas.filter(({ topic }) => topics.has(topic)),
          oldest: plan.head.oldest,
          horizon: plan.head.horizon,
          folder,
          report: written,
          rate: shareOf(input.rate, Math.min(job.ranges.concurrency, plan.pulls.length)),
          giveUpLeaders: attempt > PATIENT_ATTEMPTS,
          awayLeaders: input.away ?? [],
        },
        { signal, progress },
      );
      await store.makeDirectory(folders.reports, signal);
      placing = true;
      if (!(await store.rename(written, report, signal))) {
        const theirs = await countsInPlace(deps, job, report, signal);
        if (theirs === undefined) throw new Error(`${written} could not be renamed to ${report}; trying again`);
        await store.delete(folder, { recursive: true });
        return { pull: number, ...told(theirs) };
      }
      metrics.count(ARCHIVE_COUNTERS.rewind_records_archived, counts.records);
      metrics.count(ARCHIVE_COUNTERS.rewind_bytes_archived, counts.bytes);
      metrics.count(ARCHIVE_COUNTERS.rewind_files_archived, counts.files);
      for (const [reason, records] of Object.entries(counts.left))
        metrics.count(ARCHIVE_COUNTERS.rewind_records_left, records, { reason });
      return { pull: number, ...told(counts) };
    } catch (error) {
      // Without the signal: an attempt that was ended leaves no debris for the next one to grow on. Where the report may
      // be in place although nobody said so, its files must stay.
      if (!placing)
        await store.delete(folder, { recursive: true }).catch((left: unknown) => {
          if (!(left instanceof ConnectionError)) throw left;
        });
      throw error;
    } finally {
      release();
    }
  };
}

function told({ records, bytes, ...rest }: PullCounts): Omit<PulledRanges, 'pull'> {
  return { ...rest, records: String(records), bytes: String(bytes) };
}

/** What the report in place counts, if there is one. */
async function countsInPlace(
  deps: Dependencies,
  job: ArchiveJob,
  report: string,
  signal: AbortSignal,
): Promise<PullCounts | undefined> {
  const lines = await readSealedLines(deps.hdfs(job.connections.hdfs), report, pullLine, signal);
  if (lines === undefined) return undefined;
  const head = lines[0];
  return countsOf(lines, head?.kind === 'head' ? head.seconds : 0);
}
