import type { z } from 'zod';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { JobError } from './job-error.ts';
import { readSealedLines } from './sealed-lines.ts';

type Kinded = { kind: string };
type OfKind<Line, Kind> = Extract<Line, { kind: Kind }>;

/** A list for each kind of line but the head; the compiler asks for one that is missing. */
export type ListsOf<Line extends Kinded> = { [Kind in Exclude<Line['kind'], 'head'>]: OfKind<Line, Kind>[] };

/**
 * Reads a file of sealed lines whose first says what the file is: gives that one, and adds each of the others to the
 * list of its kind. Undefined where there is no such file.
 *
 * @throws JobError 'archive-file-damaged' for a file that is not whole, or begins with something else
 */
export async function readHeadedLines<Line extends Kinded>(
  store: FileStore,
  path: string,
  shape: z.ZodType<Line>,
  lists: ListsOf<Line>,
  signal: AbortSignal,
): Promise<OfKind<Line, 'head'> | undefined> {
  const lines = await readSealedLines(store, path, shape, signal);
  if (lines === undefined) return undefined;
  const [head, ...rest] = lines;
  const stray = head?.kind !== 'head' ? (head?.kind ?? 'nothing') : rest.find(({ kind }) => kind === 'head')?.kind;
  if (stray !== undefined)
    throw new JobError(
      'archive-file-damaged',
      `${path}: expected one head, at the beginning, found ${stray}. Look at the file before the archive is started again.`,
      { path },
    );
  const byKind = lists as Record<string, Kinded[]>;
  for (const line of rest) byKind[line.kind]!.push(line);
  return head as OfKind<Line, 'head'>;
}
