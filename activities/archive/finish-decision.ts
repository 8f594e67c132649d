import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { JobError } from '../step/job-error.ts';
import type { ArchiveFolders } from './archive-folders.ts';
import type { Decision } from './decision/decision.ts';
import { isLast, isVoid } from './decision/decision-after.ts';
import { placeFiles } from './decision/place-files.ts';
import { forgetPlaced } from './decision/placing-folder.ts';
import { isRecorded, recordDecision } from './decision/record-decision.ts';

/** The decision was found to count, and is void now: its files were deleted before. Who looks again goes on behind it. */
export class RunThrownAway extends Error {
  constructor(job: string) {
    super(`The run ${job} was thrown away before any of its files was placed; trying again`);
  }
}

/** Places and records what was decided; each part of it may have been done already. */
export async function finishDecision(
  store: FileStore,
  folders: ArchiveFolders,
  decision: Decision,
  executions: readonly string[],
  watch: { signal: AbortSignal; progress: (placed: number) => void },
): Promise<void> {
  const { head } = decision;
  if (executions.includes(head.execution)) return;
  if (await isRecorded(store, folders, head, watch.signal))
    throw new JobError(
      'history-rewound',
      `The execution ${head.execution} was recorded after ${head.predecessor ?? 'none'} and is not in ${head.history} any more, but its files are below ${head.dest}: to go on from ${head.predecessor ?? 'the beginning'} would archive their records again. Put the execution back; or move its files away as ${folders.decision(head.predecessor)} lists them, and delete that file and those beside it.`,
      { execution: head.execution, predecessor: head.predecessor },
    );
  assertNotVoid(head, executions.at(-1));
  try {
    await placeFiles(store, decision, watch);
  } catch (error) {
    if (await isThrownAway(store, folders, decision, error, watch.signal)) throw new RunThrownAway(head.job);
    throw error;
  }
  if (!(await isLast(store, folders, head, watch.signal))) throw new RunThrownAway(head.job);
  await forgetPlaced(store, head, watch.signal);
  await recordDecision(store, folders, decision, watch.signal);
}

/** Whether its files were deleted after the decision was found to count. */
async function isThrownAway(
  store: FileStore,
  folders: ArchiveFolders,
  decision: Decision,
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(error instanceof JobError) || error.code !== 'archive-file-lost') return false;
  return isVoid(store, folders, decision, signal);
}

/**
 * Throws where another execution came into HISTORY since the decision was made: it followed what is no longer the
 * newest, and to place its files would double what the other one archived.
 */
function assertNotVoid({ job, predecessor, execution }: Decision['head'], newest: string | undefined): void {
  if (newest === predecessor) return;
  throw new JobError(
    'archive-overtaken',
    `The decision of ${job} is void: it follows ${predecessor ?? 'the empty history'}, and ${newest ?? 'nothing'} is the newest execution now. None of its files was placed from here on, and ${execution} is not recorded. Make sure that only one archive (Camus included) works on this history; the next run goes on from there.`,
    { predecessor, newest },
  );
}
