import { randomUUID } from 'node:crypto';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { executionFiles } from '../history/execution-files.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import { place, putInPlace, tidily } from '../../step/put-in-place.ts';
import type { Decision, DecisionHead } from './decision.ts';

/**
 * Records the execution of a decision: its folder is built beside, and renamed into HISTORY once. A folder that is there
 * already is that of another attempt, with the same content.
 */
export async function recordDecision(
  store: FileStore,
  folders: ArchiveFolders,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  const { head } = decision;
  const target = folders.execution(head.execution);
  const building = folders.building(head.execution, randomUUID());
  try {
    for (const { name, chunks } of executionFiles(decision))
      await store.write(`${building}/${name}`, chunks, { signal });
    await store.makeDirectory(head.history, signal);
    // Strict: a rename onto a folder that is there would land inside of it.
    await place(store, building, target, { signal });
  } finally {
    await tidily(() => store.delete(building, { recursive: true }));
  }
  const said = Buffer.from(`${JSON.stringify({ execution: head.execution })}\n`);
  await putInPlace(store, folders.recorded(head.predecessor), [said], { signal });
}

/** Whether the execution of this decision has been in HISTORY, although it may not be there now. */
export async function isRecorded(
  store: FileStore,
  folders: ArchiveFolders,
  { predecessor, execution }: DecisionHead,
  signal: AbortSignal,
): Promise<boolean> {
  const path = folders.recorded(predecessor);
  const status = await store.status(path, signal);
  if (status === undefined) return false;
  const bytes = await store.read(path, 0, status.length, signal);
  return (JSON.parse(Buffer.from(bytes).toString()) as { execution?: unknown }).execution === execution;
}
