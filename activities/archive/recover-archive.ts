import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import type { Dependencies } from '../dependencies.ts';
import { workflowOfJob } from '../step/job-owner.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders, jobOfFolder, runsFolder } from './archive-folders.ts';
import { decisionAfter } from './decision/decision-after.ts';
import { forgetTakenUp, PLACING } from './decision/placing-folder.ts';
import { finishDecision } from './finish-decision.ts';
import { takeClaim } from './history/claim.ts';
import { deleteDeadAttempts } from './history/dead-attempts.ts';
import { discardRun, forgetDiscarded } from './history/discarded-runs.ts';
import { readHistoryFolder } from './history/history-folder.ts';
import type { ArchiveJob } from './job/archive-job.ts';
import type { ArchiveStepInput, RecoveredRuns } from './steps.ts';

/**
 * Takes the claim, and brings what earlier runs left to an end: what one had decided is finished, since from the
 * decision on the only way is forward; what none had decided is deleted without a trace.
 */
export function recoverArchive(deps: Dependencies) {
  return async ({ job }: ArchiveStepInput, context: StepContext): Promise<RecoveredRuns> => {
    const { signal, temporal, progress } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const folders = new ArchiveFolders(job);
    await takeClaim(store, folders.claims, { id: job.id, dest: job.dest }, temporal, signal);
    const { executions } = await readHistoryFolder(store, job.history, signal);
    const { decision, voided } = await decisionAfter(store, folders, executions.at(-1), signal);
    let finished: string | undefined;
    if (decision !== undefined) {
      await finishDecision(store, folders, decision, executions, {
        signal,
        progress: (placed) => progress({ placed }),
      });
      finished = decision.head.execution;
    }
    await deleteDeadAttempts(store, folders, signal);
    await forgetTakenUp(store, job.staging, finished ?? executions.at(-1), signal);
    const jobs = voided.map(({ job: of }) => of);
    await forgetDiscarded(store, folders, { recorded: false, now: Date.now(), voided: jobs }, signal);
    const { discarded, remarks } = await discardUndecided(store, folders, job, context);
    return { finished, discarded, remarks: [...voided.map(voidRemark), ...remarks].slice(0, MOST_REMARKS) };
  };
}

const MOST_REMARKS = 10;

function voidRemark({ path }: { path: string }): string {
  return `${path} is void: none of its files is there, since its run was thrown away before; what it held is archived anew`;
}

/** Deletes the folders of runs that have ended; nothing refers to their files any more. */
async function discardUndecided(
  store: FileStore,
  folders: ArchiveFolders,
  job: ArchiveJob,
  { signal, temporal }: StepContext,
): Promise<{ discarded: number; remarks: string[] }> {
  const parent = runsFolder(job.dest, job.exec);
  let discarded = 0;
  const remarks: string[] = [];
  try {
    for await (const { path } of store.list(parent, signal)) {
      if (path === job.staging || baseName(path) === PLACING) continue;
      const owner = jobOfFolder(baseName(path));
      if (owner === undefined) remarks.push(`${path} is no folder of a run: it is left alone`);
      else if (!(await temporal.isRunning(workflowOfJob(owner)))) {
        await discardRun(store, folders, { job: owner, folder: path }, signal);
        discarded += 1;
      }
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  return { discarded, remarks };
}
