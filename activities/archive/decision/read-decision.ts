import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { readHeadedLines, type ListsOf } from '../../step/headed-lines.ts';
import { decisionLine, type Decision, type DecisionLine } from './decision.ts';

/** The decision at a path; undefined where none was made. */
export async function readDecision(store: FileStore, path: string, signal: AbortSignal): Promise<Decision | undefined> {
  const lists: ListsOf<DecisionLine> = { file: [], partition: [], error: [], counts: [], problem: [] };
  const head = await readHeadedLines(store, path, decisionLine, lists, signal);
  if (head === undefined) return undefined;
  const { file: files, partition: partitions, error: errors, counts, problem: problems } = lists;
  return { head, files, partitions, errors, counts, problems };
}
