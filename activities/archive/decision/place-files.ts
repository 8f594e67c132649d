import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { parentPath } from '../../../connections/hdfs/hdfs-path.ts';
import { JobError } from '../../step/job-error.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import type { DecidedFile, Decision } from './decision.ts';
import { takenUp, takeUpFiles } from './placing-folder.ts';

/** Renames under way at once: enough to hide their round trips, few enough for a NameNode that others use as well. */
const AT_ONCE = 16;

/**
 * Renames the files of a decision to where they belong. Each attempt, of whichever run, does the same renames: a
 * target that is there with the length of the decision is done already; anything else there is an error that names
 * both. Nothing is ever overwritten.
 */
export async function placeFiles(
  store: FileStore,
  { head, files }: Pick<Decision, 'head' | 'files'>,
  { signal, progress }: { signal: AbortSignal; progress: (placed: number) => void },
): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const taken = await takeUpFiles(store, head, first, signal);
  let placed = 0;
  const folders = new Set(files.map(({ to }) => parentPath(to) ?? '/'));
  await eachAtOnce(folders, AT_ONCE, (folder) => store.makeDirectory(folder, signal));
  await eachAtOnce(files, AT_ONCE, async (file) => {
    if (taken) await placeFile(store, { ...file, from: takenUp(head, file.from) }, signal, file.from);
    else await placeFile(store, file, signal);
    placed += 1;
    progress(placed);
  });
}

/** @param left - where the file is if its folder was not taken up */
async function placeFile(store: FileStore, file: DecidedFile, signal: AbortSignal, left?: string): Promise<void> {
  const { from, to, length } = file;
  if (await store.rename(from, to, signal)) return;
  const source = await store.status(from, signal);
  // Before the look at the target: another attempt may place it meanwhile.
  if (source === undefined && left !== undefined && (await store.status(left, signal))?.length === length)
    return placeFile(store, { ...file, from: left }, signal);
  const target = await store.status(to, signal);
  if (target?.kind === 'file' && target.length === length && source === undefined) return;
  if (target !== undefined)
    throw new JobError(
      'archive-target-exists',
      `${to} is there already, with ${target.length} bytes, and is not the decided file ${from} of ${length} bytes${source === undefined ? ', which is gone' : ''}. Nothing was overwritten. Find out who wrote ${to}, move it away, then run rewind archive-finish.`,
      { from, to, expected: length, found: target.length },
    );
  if (source !== undefined) throw new Error(`${from} could not be renamed to ${to}; trying again`);
  throw new JobError(
    'archive-file-lost',
    `${from}${left === undefined ? '' : ` (or ${left})`} is gone, and ${to} is not there: a decided file of ${file.records} records (${file.topic}-${file.partition}, offsets ${file.first} to before ${file.next}) was deleted by somebody. Restore it from the trash or a snapshot, then run rewind archive-finish.`,
    { from, to },
  );
}
