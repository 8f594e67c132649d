import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { newestOffsets } from '../../../activities/replay/offsets/archive-history.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { fixture, fixturesBelow } from '../../formats/support/fixture-files.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { replayJob } from '../../support/replay-job.ts';

/** The files below a folder of test/fixtures, at the same paths. */
export async function storeOf(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<MemoryFileStore> {
  const store = new MemoryFileStore();
  for (const path of fixturesBelow(folder).filter(isWanted)) await store.write(`/${path}`, [fixture(path)]);
  return store;
}

/** Empty files of these paths below /connect/topics. */
export async function storeWith(paths: readonly string[]): Promise<MemoryFileStore> {
  const store = new MemoryFileStore();
  for (const path of paths) await store.write(`/connect/topics/${path}`, [Buffer.from('x')]);
  return store;
}

export function connectJob(topic: string, archive: Partial<ReplayInput['archive']> = {}): ReplayInput {
  return { topic, archive: { layout: 'kafka-connect', dest: '/connect', ...archive } };
}

/** What a job would pin that hands a group over. */
export async function pinned(
  store: MemoryFileStore,
  topic: string,
  archive: Partial<ReplayInput['archive']> = {},
  offsets: ReplayInput['offsets'] = { group: 'billing' },
): Promise<PinnedOffsets> {
  const job = replayJob({ ...connectJob(topic, archive), offsets });
  return newestOffsets(store, job, job.history ?? '', new AbortController().signal);
}
