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
import {
  addTo,
  findLeftovers,
  leftoverFiles,
  mayBeLeft,
  someFiles,
  type FilesBeyond,
  type Leftovers,
  type LookFor,
  type SomeFiles,
} from './leftovers.ts';
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
  let otherLives: SomeFiles | undefined;
  if (listed === undefined) {
    const found = await filesToMove(store, lookFor, context);
    otherLives = found.otherLives;
    // Files of a run that has ended, or decided, meanwhile are beyond the offsets that are known: they are no leftovers.
    await assertNothingFollows(store, folders, job, predecessor, signal);
    await putInPlace(store, list, sealedLines(found.toMove), { signal });
    listed = (await readSealedLines(store, list, movedFile, signal)) ?? [];
  }
  if (listed.length > 0) await assertNothingFollows(store, folders, job, predecessor, signal);
  for (const { path } of listed) await moveAway(store, path, quarantineFolder(job.dest, predecessor), job.dest, signal);
  const justLooked = isNew && listed.length === 0;
  if (job.leftovers !== 'ignore' && !justLooked) {
    const found = await findLeftovers(store, lookFor, context);
    assertNone(found, job, list);
    otherLives = found.otherLives;
  }
  return [...movedRemark(listed.length, quarantineFolder(job.dest, predecessor)), ...otherLivesRemark(otherLives)];
}

function movedRemark(files: number, folder: string): string[] {
  if (files === 0) return [];
  const [what, them, were] = files === 1 ? ['1 file', 'it', 'was'] : [`${files} files`, 'them', 'were'];
  return [
    `${what} beyond the stored offsets, as a failed run of Camus leaves ${them}, ${were} moved to ${folder}; look at ${them} before ${them === 'it' ? 'it is' : 'they are'} deleted`,
  ];
}

const NAMED = 3;

function otherLivesRemark({ files, examples }: SomeFiles = someFiles()): string[] {
  if (files === 0) return [];
  const named = examples.slice(0, NAMED).join(', ');
  const [what, each, stay] =
    files === 1
      ? ['1 file', 'its partition', 'it is left where it is']
      : [`${files} files`, 'their partitions', 'they are left where they are'];
  return [
    `${what} below dest lie beyond the end of the log of ${each}, such as ${named}: of an earlier life of the topic, or of Kafka 0.7, and not of a failed run; ${stay}`,
  ];
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
export async function tellLeftovers(
  store: FileStore,
  lookFor: LookFor,
  context: StepContext,
): Promise<Leftovers & { remarks: string[] }> {
  const { job, history, topics } = lookFor;
  if (history.predecessor === undefined) {
    const forgotten = await forgottenHistory(store, job, topics, context);
    if (forgotten === undefined) return { ...someFiles(), remarks: [] };
    const { examples, problem } = forgotten;
    return { files: examples.length, examples, remarks: [], ...(job.leftovers !== 'ignore' && { problem }) };
  }
  const { left, unsure, otherLives } = await findLeftovers(store, lookFor, context);
  const remarks = otherLivesRemark(otherLives);
  const inTheWay = job.leftovers === 'fail' ? left : job.leftovers === 'quarantine' ? unsure : someFiles();
  return { ...left, remarks, ...(inTheWay.files > 0 && { problem: foundText(inTheWay, unsure) }) };
}

/** All of them where they are to be moved; none where there may be none, or where they are to stay. */
async function filesToMove(
  store: FileStore,
  lookFor: LookFor,
  context: StepContext,
): Promise<{ toMove: { path: string }[]; otherLives: SomeFiles }> {
  const { job } = lookFor;
  const otherLives = someFiles();
  const toMove: { path: string }[] = [];
  if (job.leftovers === 'ignore') return { toMove, otherLives };
  if (job.leftovers === 'fail') {
    const found = await findLeftovers(store, lookFor, context);
    assertNone(found, job);
    return { toMove, otherLives: found.otherLives };
  }
  const unsure = someFiles();
  for await (const { path, life } of leftoverFiles(store, lookFor, context))
    if (life === 'this') toMove.push({ path });
    else addTo(life === 'other' ? otherLives : unsure, path);
  if (unsure.files > 0) throw leftoversError(unsure, unsure, 'Nothing was moved.');
  return { toMove, otherLives };
}

function assertNone({ left, unsure }: FilesBeyond, { leftovers }: Pick<ArchiveJob, 'leftovers'>, list?: string): void {
  if (left.files === 0) return;
  const remedy =
    list === undefined || leftovers === 'fail'
      ? 'Look at them; then set leftovers to "quarantine", which moves them away, or to "ignore" if they are not of a failed run, or not of these topics.'
      : `They are not in ${list}, which says what an earlier run found: look at them, delete that list while no archive runs, and start the archive again.`;
  throw leftoversError(left, unsure, remedy);
}

function leftoversError(found: SomeFiles, unsure: SomeFiles, remedy: string): JobError {
  const message = `${foundText(found, unsure)} ${remedy} rewind archive-plan lists them.`;
  return new JobError('archive-leftovers', message, { ...found });
}

function foundText({ files, examples }: SomeFiles, unsure: SomeFiles): string {
  const untold =
    unsure.files === 0
      ? ''
      : ` Of ${unsure.files} of them, such as ${unsure.examples[0]}, where the log of its partition ends is not known now, nor so whether they are of this life: start the archive when its leaders are there.`;
  return `${files} files below dest hold records beyond the stored offsets, such as ${examples[0]}, as a run of Camus leaves them that failed after it had placed them; or they are of an earlier life of the topic, of which Camus went on at the earliest offset. Of a failed run, their records would be archived a second time.${untold}`;
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
