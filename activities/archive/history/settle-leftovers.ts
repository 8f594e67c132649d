import { z } from 'zod';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { JobError } from '../../step/job-error.ts';
import { putInPlace } from '../../step/put-in-place.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { decisionAfter } from '../decision/decision-after.ts';
import { readSealedLines, sealedLines } from '../../step/sealed-lines.ts';
import { findLeftovers, leftoverFiles, mayBeLeft, type Leftovers, type LookFor } from './leftovers.ts';
import { forgottenHistory } from './no-history.ts';
import { assertNewest, overtaken } from './overtaken.ts';

const movedFile = z.strictObject({ path: z.string() });

/**
 * Does with what a failed Camus left as the job says, before a run that follows one of Camus plans; a remark where files were
 * moved. They go out of the readers' sight, each below `DEST/.rewind/leftovers/EXECUTION` under its own path, where they stay
 * for whoever wants to look: their records are archived anew.
 *
 * Which files those are is put in place once, whatever the job says, and nothing else is ever moved: a worker that slept
 * would find among the files beyond the offsets that it knows those that another run has archived meanwhile.
 *
 * @throws JobError 'archive-leftovers' for files that the job does not allow, or that came after the list
 * @throws JobError 'archive-overtaken' where a run of Camus has ended, or another one has decided, meanwhile
 */
export async function settleLeftovers(
  store: FileStore,
  folders: ArchiveFolders,
  lookFor: LookFor,
  context: StepContext,
): Promise<string[]> {
  const { job, history } = lookFor;
  const { predecessor } = history;
  const { signal } = context;
  if (predecessor === undefined) await assertFirst(store, folders, lookFor, context);
  if (predecessor === undefined || !mayBeLeft(lookFor)) return [];
  // What has decided places files beyond the offsets: deciding comes to its end.
  if (await isDecided(store, folders, predecessor, signal)) return [];
  const list = folders.leftovers(predecessor);
  let listed = await readSealedLines(store, list, movedFile, signal);
  const isNew = listed === undefined;
  if (listed === undefined) {
    const found = await filesToMove(store, lookFor, context);
    // Files of a run that has ended, or decided, meanwhile are beyond the offsets that are known: they are no leftovers.
    await assertNothingFollows(store, folders, job, predecessor, signal);
    await putInPlace(store, list, sealedLines(found), { signal });
    listed = (await readSealedLines(store, list, movedFile, signal)) ?? [];
  }
  if (listed.length > 0) await assertNothingFollows(store, folders, job, predecessor, signal);
  for (const { path } of listed) await moveAway(store, path, quarantineFolder(job.dest, predecessor), job.dest, signal);
  const justLooked = isNew && listed.length === 0;
  if (job.leftovers !== 'ignore' && !justLooked) assertNone(await findLeftovers(store, lookFor, context), job, list);
  if (listed.length === 0) return [];
  return [`${listed.length} files of a failed run of Camus were moved to ${quarantineFolder(job.dest, predecessor)}`];
}

async function isDecided(
  store: FileStore,
  folders: ArchiveFolders,
  predecessor: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  return (await decisionAfter(store, folders, predecessor, signal)).decision !== undefined;
}

async function assertNothingFollows(
  store: FileStore,
  folders: ArchiveFolders,
  { history }: Pick<ArchiveJob, 'history'>,
  predecessor: string,
  signal: AbortSignal,
): Promise<void> {
  const untouched = 'Nothing was moved.';
  await assertNewest(store, history, [predecessor], untouched, signal);
  if (await isDecided(store, folders, predecessor, signal))
    throw overtaken(`a run has decided what follows ${predecessor}`, untouched, { predecessor });
}

/** That this is the first run, where there is no execution to go on from. */
async function assertFirst(
  store: FileStore,
  folders: ArchiveFolders,
  { job, topics }: LookFor,
  context: StepContext,
): Promise<void> {
  if (job.leftovers === 'ignore') return;
  const forgotten = await forgottenHistory(store, job, topics, context);
  if (forgotten === undefined) return;
  // They may be those of a run that has decided meanwhile, or before this one was reset: deciding comes to its end.
  if (await isDecided(store, folders, undefined, context.signal)) return;
  await assertNewest(store, job.history, [undefined], 'Nothing was done.', context.signal);
  const { examples, problem } = forgotten;
  throw new JobError('archive-leftovers', problem, { examples, history: job.history });
}

/** What a run would find, told without touching anything. */
export async function tellLeftovers(store: FileStore, lookFor: LookFor, context: StepContext): Promise<Leftovers> {
  const { job, history, topics } = lookFor;
  if (history.predecessor === undefined) {
    const forgotten = await forgottenHistory(store, job, topics, context);
    if (forgotten === undefined) return { files: 0, examples: [] };
    const { examples, problem } = forgotten;
    return { files: examples.length, examples, ...(job.leftovers !== 'ignore' && { problem }) };
  }
  const found = await findLeftovers(store, lookFor, context);
  return found.files === 0 || job.leftovers !== 'fail' ? found : { ...found, problem: foundText(found) };
}

/** All of them where they are to be moved; none where there may be none, or where they are to stay. */
async function filesToMove(store: FileStore, lookFor: LookFor, context: StepContext): Promise<{ path: string }[]> {
  const { job } = lookFor;
  if (job.leftovers === 'ignore') return [];
  if (job.leftovers === 'fail') {
    assertNone(await findLeftovers(store, lookFor, context), job);
    return [];
  }
  const found: { path: string }[] = [];
  for await (const path of leftoverFiles(store, lookFor, context)) found.push({ path });
  return found;
}

function assertNone({ files, examples }: Leftovers, { leftovers }: Pick<ArchiveJob, 'leftovers'>, list?: string): void {
  if (files === 0) return;
  const remedy =
    list === undefined || leftovers === 'fail'
      ? 'Look at them; then set leftovers to "quarantine", which moves them away, or to "ignore" if they are not of these topics.'
      : `They are not in ${list}, which says what an earlier run found: look at them, delete that list while no archive runs, and start the archive again.`;
  throw new JobError(
    'archive-leftovers',
    `${foundText({ files, examples })} ${remedy} rewind archive-plan lists them.`,
    {
      files,
      examples,
    },
  );
}

function foundText({ files, examples }: Leftovers): string {
  return `${files} files below dest hold records beyond the stored offsets, such as ${examples[0]}: a run of Camus failed after it had placed them, and their records would be archived a second time.`;
}

async function moveAway(
  store: FileStore,
  path: string,
  folder: string,
  dest: string,
  signal: AbortSignal,
): Promise<void> {
  const target = `${folder}${path.slice(dest.length)}`;
  if ((await store.status(path, signal)) === undefined) return; // an earlier attempt moved it
  await store.makeDirectory(parentPath(target) ?? '/', signal);
  if (await store.rename(path, target, signal)) return;
  if ((await store.status(path, signal)) === undefined) return; // another attempt was first
  throw new JobError(
    'archive-target-exists',
    `${path} could not be moved to ${target}, which is there already. Nothing was overwritten: look at both, move one of them away, then start the archive again.`,
    { path, target },
  );
}

function quarantineFolder(dest: string, execution: string): string {
  return `${dest}/.rewind/leftovers/${execution}`;
}
