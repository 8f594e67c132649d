import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import { isDiscarded } from '../history/discarded-runs.ts';
import type { Decision } from './decision.ts';
import { takenUp } from './placing-folder.ts';
import { readDecision } from './read-decision.ts';
import { isRecorded } from './record-decision.ts';

const AT_ONCE = 16;

/** What was decided to follow an execution. */
export interface DecisionAfter {
  /** Undefined where nothing is decided that counts. */
  decision: Decision | undefined;
  /** Where it is; or where whoever decides next puts it. */
  path: string;
  /** Decisions that are void, and whose they are. */
  voided: { path: string; job: string }[];
}

/**
 * Finds the decision that follows an execution. One of a run that was thrown away, of whose files none is anywhere,
 * neither in the run's folder nor where it belongs, is void: a worker that slept has put it in place since. It can't be
 * finished, and nothing of it was placed; the name behind it decides then, for all who look in the same way. Once something
 * is decided there it stays void: the files that are placed from then on may have the names of its own.
 */
export async function decisionAfter(
  store: FileStore,
  folders: ArchiveFolders,
  predecessor: string | undefined,
  signal: AbortSignal,
): Promise<DecisionAfter> {
  const voided: DecisionAfter['voided'] = [];
  for (;;) {
    const path = folders.decision(predecessor, voided.length);
    const decision = await readDecision(store, path, signal);
    if (decision === undefined) return { decision, path, voided };
    const behind = await store.status(folders.decision(predecessor, voided.length + 1), signal);
    if (behind === undefined && !(await isVoid(store, folders, decision, signal))) return { decision, path, voided };
    voided.push({ path, job: decision.head.job });
  }
}

/**
 * The decision of a run, whether or not its files are there; undefined where it has made none. The last one counts: a run
 * that was thrown away and reset may have an earlier one, of a worker that slept, which is void.
 */
export async function decisionOf(
  store: FileStore,
  folders: ArchiveFolders,
  { job, predecessor }: { job: string; predecessor?: string | undefined },
  signal: AbortSignal,
): Promise<Decision | undefined> {
  let last: Decision | undefined;
  for (let turn = 0; ; turn++) {
    const decision = await readDecision(store, folders.decision(predecessor, turn), signal);
    if (decision === undefined) return last;
    if (decision.head.job === job) last = decision;
  }
}

/**
 * Whether nothing was decided behind a decision. Asked when all of its files are placed: what is void has none, so that they
 * are those of the one behind it, with the same names; what is not void then can't become so.
 */
export async function isLast(
  store: FileStore,
  folders: ArchiveFolders,
  { predecessor, job, execution }: Decision['head'],
  signal: AbortSignal,
): Promise<boolean> {
  let turns = 0;
  while ((await store.status(folders.decision(predecessor, turns), signal)) !== undefined) turns += 1;
  if (turns === 1) return true;
  const last = turns === 0 ? undefined : await readDecision(store, folders.decision(predecessor, turns - 1), signal);
  return last?.head.job === job && last.head.execution === execution;
}

export async function isVoid(
  store: FileStore,
  folders: ArchiveFolders,
  { head, files }: Decision,
  signal: AbortSignal,
): Promise<boolean> {
  if (files.length === 0 || !(await isDiscarded(store, folders, head.job, signal))) return false;
  // What was recorded was placed, wherever its files are now.
  if (await isRecorded(store, folders, head, signal)) return false;
  let found = false;
  await eachAtOnce(files, AT_ONCE, async ({ from, to }) => {
    // In this order: a file that is renamed meanwhile is seen where it comes next.
    for (const path of [from, takenUp(head, from), to])
      if (found || (await store.status(path, signal)) !== undefined) {
        found = true;
        return;
      }
  });
  return !found;
}
