// A run is thrown away while a worker that slept decides for it: either all of its files are deleted, or all are placed.
import { beforeEach, describe, expect, it } from 'vitest';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { discardArchive } from '../../../activities/archive/discard-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { recoverArchive } from '../../../activities/archive/recover-archive.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, E1, E2, filesBelow, HISTORY, jobOf, leavePulled } from './pulled-run.ts';

const TWO_RANGES = [
  { from: 0, to: 10 },
  { from: 10, to: 20 },
];
const nobodyRuns = stepContext({ temporal: { isRunning: async () => false, keywordAttributes: async () => [] } });
let store: MemoryFileStore;
let deps: Dependencies;

beforeEach(() => {
  store = new MemoryFileStore();
  deps = { hdfs: () => store } as unknown as Dependencies;
});

const decide = (job: ArchiveJob) => decideArchive(deps)({ job }, nobodyRuns);
const place = (job: ArchiveJob) => placeArchive(deps)({ job }, nobodyRuns);
const tidy = (job: ArchiveJob) => tidyArchive(deps)({ job }, nobodyRuns);
const recover = (id: string) => recoverArchive(deps)({ job: jobOf(id) }, nobodyRuns);
const discard = (job: ArchiveJob) => discardArchive(deps)({ job, mayDecide: true }, nobodyRuns);
const data = (): Promise<string[]> => filesBelow(store, `${DEST}/t`);
const hidden = (): Promise<string[]> => filesBelow(store, `${DEST}/.rewind`);
const nextOf = async (execution: string): Promise<bigint | undefined> =>
  (await readStoredOffsets(store, `${HISTORY}/${execution}`, nobodyRuns.signal)).get('t-0')?.next;

/** Has `body` done in front of the deletion of a run's folder, for whose worker that is a long sleep. */
function inFrontOfDeleting(folder: string, body: () => Promise<unknown>): void {
  const deletion = store.delete.bind(store);
  store.delete = async (path, ...rest) => {
    if (path !== folder) return deletion(path, ...rest);
    store.delete = deletion;
    await body();
    return deletion(path, ...rest);
  };
}

/** Has `body` done when so many data files of the topic are placed. */
function whenPlaced(count: number, body: () => Promise<unknown>): void {
  const rename = store.rename.bind(store);
  let placed = 0;
  store.rename = async (from, to, ...rest) => {
    if (!to.startsWith(`${DEST}/t/`)) return rename(from, to, ...rest);
    placed += 1;
    if (placed === count + 1) await body();
    return rename(from, to, ...rest);
  };
}

describe('a run that is thrown away while its worker decides for it', () => {
  it.each([
    ['itself', (job: ArchiveJob) => discard(job)],
    ['the next one', () => recover('b/2')],
  ])('by %s, which falls asleep there, is finished whole by whoever comes then', async (_, throwAway) => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    let finishing: Promise<unknown> | undefined;
    inFrontOfDeleting(job.staging, async () => {
      await decide(job);
      // The folder is deleted when the first of its two files is placed.
      await new Promise<void>((asleep) => {
        whenPlaced(1, async () => {
          asleep();
          await thrown;
        });
        finishing = recover('c/3');
        void finishing.catch(() => asleep());
      });
    });
    const thrown = throwAway(job);
    await thrown;
    expect(await finishing).toMatchObject({ finished: E1 });
    expect(await data()).toHaveLength(2);
    expect(await nextOf(E1)).toBe(20n);
    await recover('d/4');
    expect(await hidden()).toEqual([]);
  });

  it('and is deleted just before its files are taken up, is nothing that has to be finished', async () => {
    const job = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(job);
    const makeDirectory = store.makeDirectory.bind(store);
    store.makeDirectory = async (path, ...rest) => {
      if (path.includes('/placing/')) {
        store.makeDirectory = makeDirectory;
        await discard(job);
      }
      return makeDirectory(path, ...rest);
    };
    await expect(recover('b/2')).rejects.toThrow('was thrown away before any of its files was placed; trying again');
    expect(await recover('b/2')).toMatchObject({
      finished: undefined,
      remarks: [expect.stringContaining('none.jsonl is void')],
    });
    expect(await data()).toEqual([]);
  });
});

describe('a run that failed as it decided, and is reset', () => {
  it('places what it decides now, though a worker of its first life has decided meanwhile', async () => {
    const first = await leavePulled(store, 'a/1', undefined, E1, TWO_RANGES);
    await decide(first);
    await discard(first);
    const again = await leavePulled(store, 'a/1', undefined, E2, [{ from: 0, to: 30 }], 'b');
    expect(await decide(again)).toMatchObject({ execution: E2, records: '30' });
    await place(again);
    await tidy(again);
    expect(await data()).toHaveLength(1);
    expect(await nextOf(E2)).toBe(30n);
    expect(await hidden()).toEqual([]);
  });
});
