// Proves that the count of offsets before a publish goes on where an attempt has died, and finds the same.
import { expect, it, vi } from 'vitest';
import { OffsetCensus, type Census } from '../../../../activities/replay/merge/offset-census.ts';
import { overlapOf } from '../../../../activities/replay/merge/plan-round.ts';
import { takeCensus } from '../../../../activities/replay/merge/take-census.ts';
import { readCatalogue } from '../../../../activities/replay/publish/read-catalogue.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';
import { wholeRecordFile, type WholeRecord } from '../../../support/whole-records.ts';

const FOLDER = '2014/11/02/00';
const TIME = Date.UTC(2014, 10, 2, 9, 30);
const PART = 25;

/** Three partitions with gaps, repeats, and repeats that are none. */
function records(file: number): WholeRecord[] {
  return Array.from({ length: 120 }, (_, n) => {
    const offset = n + Math.floor(n / 7) * 2 + file * 40;
    return { partition: n % 3, offset, timestamp: TIME, value: Buffer.from(offset % 11 === 0 ? `of ${file}` : 'v') };
  });
}

async function setUp(): Promise<{
  replay: MemoryReplay;
  staging: Staging;
  whole: Census;
  count: () => Promise<Census>;
}> {
  const files = {
    [`${FOLDER}/a.avro`]: wholeRecordFile(records(0)),
    [`${FOLDER}/b.avro`]: wholeRecordFile(records(1)),
  };
  const input = { archive: { dest: '/camus', conflicts: 'report' }, output: { partitionCount: 3 } } as const;
  const replay = await MemoryReplay.open({ files, input });
  const { store, deps, context } = replay.worker;
  const { job, listing, level } = replay.input;
  const staging = new Staging(store, job.staging);
  const catalogue = await readCatalogue(store, staging, level, listing.fingerprint, context.signal);
  const count = (): Promise<Census> =>
    takeCensus(
      { store, budget: deps.budget },
      { job, listing },
      { files: catalogue, overlap: overlapOf(catalogue) },
      context,
      PART,
    );
  const whole = await count();
  await store.delete(staging.census);
  return { replay, staging, whole, count };
}

it('goes on from the last part that was put in place, whichever that was', async () => {
  const { replay, staging, whole, count } = await setUp();
  const { store } = replay.worker;
  expect(whole.partitions.some(({ conflicts, gaps }) => conflicts > 0 && gaps > 0)).toBe(true);
  const take = vi.spyOn(OffsetCensus.prototype, 'take');
  expect(await count()).toEqual(whole);
  const all = take.mock.calls.length;
  const names: string[] = [];
  for await (const { path } of store.list(staging.folder))
    if (path.includes('offset-census.') && path !== staging.census) names.push(path);
  expect(names.length).toBeGreaterThan(4);
  for (let left = names.length; left >= 0; left -= 1) {
    await store.delete(staging.census);
    take.mockClear();
    expect(await count()).toEqual(whole);
    // Each part leaves at least so many less to count.
    expect(take.mock.calls.length).toBeLessThanOrEqual(all - left * PART);
    for (let number = left; number <= names.length; number += 1)
      await store.delete(`${staging.folder}/offset-census.${number}.json`);
  }
  take.mockRestore();
});

it('is not that of another sequence, nor of other files', async () => {
  const { replay, staging, count } = await setUp();
  const { store } = replay.worker;
  await count();
  await store.delete(staging.census);
  const path = `${staging.folder}/offset-census.2.json`;
  const part = JSON.parse(
    Buffer.from(await store.read(path, 0, (await store.status(path))!.length)).toString(),
  ) as Census;
  for (const wrong of [{ fingerprint: 'other' }, { position: 3 }, { offset: 'x' }]) {
    await store.write(`${staging.folder}/offset-census.9.json`, [Buffer.from(JSON.stringify({ ...part, ...wrong }))], {
      overwrite: true,
    });
    await expect(count()).rejects.toMatchObject({ code: 'staging-unusable' });
  }
});
