import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { JobError } from '../../step/job-error.ts';
import { readSealedLines } from '../sealed-lines.ts';
import { decisionLine, type Decision } from './decision.ts';

/** The decision at a path; undefined where none was made. */
export async function readDecision(store: FileStore, path: string, signal: AbortSignal): Promise<Decision | undefined> {
  const lines = await readSealedLines(store, path, decisionLine, signal);
  if (lines === undefined) return undefined;
  const [head, ...rest] = lines;
  if (head?.kind !== 'head')
    throw new JobError(
      'archive-file-damaged',
      `${path}: expected a decision that begins with what it is, found ${head?.kind ?? 'nothing'}. Look at the file before the archive is started again.`,
      { path },
    );
  const decision: Decision = { head, files: [], partitions: [], errors: [], counts: [], problems: [] };
  for (const line of rest)
    if (line.kind === 'file') decision.files.push(line);
    else if (line.kind === 'partition') decision.partitions.push(line);
    else if (line.kind === 'error') decision.errors.push(line);
    else if (line.kind === 'counts') decision.counts.push(line);
    else if (line.kind === 'problem') decision.problems.push(line);
  return decision;
}
