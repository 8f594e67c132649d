import { ConnectionError, type ConnectionFault } from '../../../connections/connection-error.ts';
import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import type { TopicOverview } from '../../../connections/kafka/admin/admin-port.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import type { KnownHistory } from '../plan/plan-run.ts';
import { partitionName } from '../../log/partition-name.ts';
import type { LogEnds } from './log-ends.ts';
import { STILL_MS, type CamusRuns } from './running-camus.ts';

export interface SomeFiles {
  files: number;
  /** The first few. */
  examples: string[];
}

export interface Leftovers extends SomeFiles {
  /** What a run of the job would end with; left out where it would begin. */
  problem?: string;
}

/** What lies beyond the stored offsets. */
export interface FilesBeyond {
  /** Whose records would be archived again, as far as anybody knows. */
  left: SomeFiles;
  /** Those of them of which that is not known, since the end of the log is not. */
  unsure: SomeFiles;
  /** Beyond the end of the log: not of what is in Kafka now. */
  otherLives: SomeFiles;
}

const EXAMPLES = 10;

/** For whose files of Camus's is looked, and where. */
export interface LookFor {
  job: Pick<ArchiveJob, 'dest' | 'exec' | 'history' | 'leftovers'>;
  history: KnownHistory;
  topics: readonly TopicOverview[];
  /** What Camus has begun and not recorded. */
  camus: CamusRuns;
  ends: LogEnds;
}

/** Whether Camus may have left anything beyond the offsets: Rewind itself leaves nothing. */
export function mayBeLeft({ history: { predecessor, ours }, camus }: LookFor): boolean {
  return predecessor !== undefined && (!ours || camus.since);
}

/** A file beyond the stored offsets, and whether its records are of what is in Kafka now. */
export interface FileBeyond {
  path: string;
  life: 'this' | 'other' | 'unknown';
}

/**
 * Files as a failed run of Camus leaves them: their records lie beyond the stored offsets of their partition, and would be
 * archived again. What lies beyond the end of the log as well is of another life: of a topic that was made anew, or with the
 * byte positions of Kafka 0.7.
 *
 * Looked for before the first run that follows an execution of Camus; and where Camus has begun one since the newest, of
 * Rewind's own. Rewind has left none before that: what is older is of an earlier life of its topic.
 */
export async function* leftoverFiles(
  store: FileStore,
  lookFor: LookFor,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): AsyncGenerator<FileBeyond> {
  if (!mayBeLeft(lookFor)) return;
  const { job, topics, history, ends } = lookFor;
  const layout = writtenLayout();
  const since = await beginOf(store, lookFor, signal);
  for (const { topic } of topics) {
    // Topics whose names differ by a dot share a folder, and names of files don't tell them apart.
    const folder = layout.topicFolder(job.dest, topic);
    const sharing = topics.filter((other) => layout.topicFolder(job.dest, other.topic) === folder);
    if (sharing[0]?.topic !== topic) continue;
    for await (const { path, modifiedAt } of filesBelow(store, folder, signal, () => progress({ looked: topic }))) {
      const place = layout.place(path);
      if (place === undefined || modifiedAt < since) continue;
      const stored = sharing.map(
        (other) => history.offsets.get(partitionName(other.topic, place.partition))?.next ?? 0n,
      );
      if (stored.some((next) => place.nextOffset <= next)) continue;
      const logs = sharing.map((other) => ends.of(other.topic, place.partition));
      if (logs.some((end) => end !== undefined && place.nextOffset <= end)) yield { path, life: 'this' };
      else yield { path, life: logs.includes(undefined) ? 'unknown' : 'other' };
    }
  }
}

/** When the newest execution began, if that is of Rewind's own, by whichever clock is behind; with some minutes to spare. */
async function beginOf(store: FileStore, { job, history }: LookFor, signal: AbortSignal): Promise<number> {
  const { predecessor, ours } = history;
  if (predecessor === undefined || !ours) return -Infinity;
  const recorded = await store.status(`${job.history}/${predecessor}`, signal);
  const began = writtenLayout().executionStart(predecessor);
  return Math.min(recorded?.modifiedAt ?? 0, began ?? 0) - STILL_MS;
}

export async function findLeftovers(...lookFor: Parameters<typeof leftoverFiles>): Promise<FilesBeyond> {
  const found: FilesBeyond = { left: someFiles(), unsure: someFiles(), otherLives: someFiles() };
  for await (const { path, life } of leftoverFiles(...lookFor)) {
    if (life === 'unknown') addTo(found.unsure, path);
    addTo(life === 'other' ? found.otherLives : found.left, path);
  }
  return found;
}

export function someFiles(): SomeFiles {
  return { files: 0, examples: [] };
}

export function addTo(some: SomeFiles, path: string): void {
  some.files += 1;
  if (some.examples.length < EXAMPLES) some.examples.push(path);
}

const NO_FOLDER: readonly ConnectionFault[] = ['not-found', 'refused'];

/** Files that readers see; none where there is no such folder, or a file in its place. */
export async function* filesBelow(
  store: FileStore,
  folder: string,
  signal: AbortSignal,
  alive: () => void,
): AsyncGenerator<FileStatus> {
  alive();
  try {
    for await (const entry of store.list(folder, signal)) {
      if (!writtenLayout().isData(baseName(entry.path))) continue;
      if (entry.kind === 'directory') yield* filesBelow(store, entry.path, signal, alive);
      else yield entry;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || !NO_FOLDER.includes(error.fault)) throw error;
  }
}
