import { ConnectionError } from '../../connections/connection-error.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import type { Dependencies } from '../dependencies.ts';
import { workflowOfJob } from '../step/job-owner.ts';
import type { StepContext } from '../step/run-step.ts';
import { ArchiveFolders, jobOfFolder, runFolder, runsFolder } from './archive-folders.ts';
import { decisionAfter } from './decision/decision-after.ts';
import { forgetTakenUp, PLACING } from './decision/placing-folder.ts';
import { finishDecision } from './finish-decision.ts';
import { forgetClaimsBefore, takeClaim } from './history/claim.ts';
import { deleteDeadAttempts } from './history/dead-attempts.ts';
import { discardRun, forgetDiscarded } from './history/discarded-runs.ts';
import { assertOneExec } from './history/one-exec.ts';
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
    const claim = await takeClaim(store, folders.claims, { id: job.id, dest: job.dest }, temporal, signal);
    const unguarded = await assertOneExec(store, job, signal);
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
    const newest = finished ?? executions.at(-1);
    await forgetTakenUp(store, job.staging, newest, signal);
    const jobs = voided.map(({ job: of }) => of);
    await forgetDiscarded(store, folders, { recorded: false, now: Date.now(), voided: jobs }, signal);
    const left = await discardUndecided(store, folders, job, context);
    // Below a DEST that the archive had before: its runs left their folders there.
    for (const dest of claim.dests) await discardBelow(store, folders, { ...job, dest }, newest, left, context);
    await forgetClaimsBefore(store, folders.claims, claim.number, signal);
    const { discarded, remarks } = left;
    const said = unguarded === undefined ? [] : [unguarded];
    return { finished, discarded, remarks: [...said, ...voided.map(voidRemark), ...remarks].slice(0, MOST_REMARKS) };
  };
}

const MOST_REMARKS = 10;

function voidRemark({ path }: { path: string }): string {
  return `${path} is void: none of its files is there, since its run was thrown away before; what it held is archived anew`;
}

/** What runs left below an earlier DEST; one that the worker may not look into any more is told, and left alone. */
async function discardBelow(
  store: FileStore,
  folders: ArchiveFolders,
  job: ArchiveJob,
  newest: string | undefined,
  left: DiscardedRuns,
  context: StepContext,
): Promise<void> {
  try {
    await forgetTakenUp(store, runFolder(job.dest, job.exec, job.id), newest, context.signal);
    const { discarded, remarks } = await discardUndecided(store, folders, job, context);
    left.discarded += discarded;
    left.remarks.push(...remarks);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
    left.remarks.push(`what runs left below the earlier dest ${job.dest} stays: ${error.message}`);
  }
}

interface DiscardedRuns {
  discarded: number;
  remarks: string[];
}

/** Deletes the folders of runs that have ended; nothing refers to their files any more. */
async function discardUndecided(
  store: FileStore,
  folders: ArchiveFolders,
  job: ArchiveJob,
  { signal, temporal }: StepContext,
): Promise<DiscardedRuns> {
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
