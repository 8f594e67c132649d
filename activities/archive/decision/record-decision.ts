import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { executionFiles } from '../history/execution-files.ts';
import { readOwnJson } from '../history/own-json.ts';
import type { ArchiveFolders } from '../archive-folders.ts';
import { place, putInPlace, tidily } from '../../step/put-in-place.ts';
import type { Decision, DecisionHead } from './decision.ts';

const recordedShape = z.object({ execution: z.string() });

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
    const written = new Map<string, number>();
    for (const { name, chunks } of executionFiles(decision))
      written.set(`${building}/${name}`, await store.write(`${building}/${name}`, chunks, { signal }));
    await store.makeDirectory(head.history, signal);
    await assertWhole(store, building, written, signal);
    // Strict: a rename onto a folder that is there would land inside of it.
    await place(store, building, target, { signal });
  } finally {
    await tidily(() => store.delete(building, { recursive: true }));
  }
  const said = Buffer.from(`${JSON.stringify({ execution: head.execution })}\n`);
  await putInPlace(store, folders.recorded(head.predecessor), [said], { signal });
}

/**
 * A recovery that slept may have deleted the folder while it was built, and the next file has made it again without those
 * before. Whole here it is recorded whole: what deletes it deletes all of it, and nothing is written to it any more.
 */
async function assertWhole(
  store: FileStore,
  building: string,
  written: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const found = new Map<string, number>();
  try {
    for await (const { path, length } of store.list(building, signal)) found.set(path, length);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
  }
  for (const [path, length] of written)
    if (found.get(path) !== length) throw new Error(`${path} was lost while its execution was built; trying again`);
}

/** Whether the execution of this decision has been in HISTORY, although it may not be there now. */
export async function isRecorded(
  store: FileStore,
  folders: ArchiveFolders,
  { predecessor, execution }: DecisionHead,
  signal: AbortSignal,
): Promise<boolean> {
  const says = {
    expected: `the name of the execution that was recorded after ${predecessor ?? 'none'}`,
    remedy: `Restore it; or, if ${execution} has been in the history, replace it by ${JSON.stringify({ execution })}.`,
  };
  const said = await readOwnJson(store, folders.recorded(predecessor), recordedShape, says, signal);
  return said?.execution === execution;
}
