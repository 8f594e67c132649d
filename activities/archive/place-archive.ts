import type { Dependencies } from '../dependencies.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { finishDecision, RunThrownAway } from './finish-decision.ts';
import { decisionOf } from './decision/decision-after.ts';
import { readHistoryFolder } from './history/history-folder.ts';
import { requirePlan } from './plan-archive.ts';
import type { ArchiveStepInput, PlacedRun } from './steps.ts';

/** Places the files of the run's decision, and records its execution: the way forward that every attempt takes. */
export function placeArchive(deps: Dependencies) {
  return async ({ job }: ArchiveStepInput, { signal, progress }: StepContext): Promise<PlacedRun> => {
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    const { head } = await requirePlan(store, folders, signal);
    const decision = await decisionOf(store, folders, { job: job.id, predecessor: head.predecessor }, signal);
    if (decision === undefined)
      throw new JobError(
        'staging-lost',
        `The decision ${folders.decision(head.predecessor)} of this run is gone. Look whether ${job.history}/${head.execution} is there; if it is not, restore the decision before an archive is started again.`,
        { path: folders.decision(head.predecessor) },
      );
    const { executions } = await readHistoryFolder(store, job.history, signal);
    try {
      await finishDecision(store, folders, decision, executions, {
        signal,
        progress: (placed) => progress({ placed }),
      });
    } catch (error) {
      throw error instanceof RunThrownAway ? thrownAway(job.id, folders) : error;
    }
    return { execution: head.execution, files: decision.files.length };
  };
}

/** Its own decision stays the void one, however often it is tried again. */
function thrownAway(job: string, folders: ArchiveFolders): JobError {
  return new JobError(
    'staging-lost',
    `The run ${job} was thrown away before any of its files was placed: its decision is void, and nothing of it is archived. Start the archive again: it reads the same records anew.`,
    { path: folders.staging },
  );
}
