// Offsets from names alone: one past the last of each partition, where nothing is missing before it.
import { describe, expect, it } from 'vitest';
import type { JobError } from '../../../activities/step/job-error.ts';
import { replayInMemory } from '../../support/replay-in-memory.ts';
import { connectJob, pinned, storeWith } from './connect-archive.ts';

const HOLE = ['t/partition=0/t+0+0000000000+0000000009.avro', 't/partition=0/t+0+0000000012+0000000020.avro'];

async function errorOf(work: Promise<unknown>): Promise<JobError> {
  try {
    await work;
  } catch (error) {
    return error as JobError;
  }
  throw new Error('expected an error');
}

describe('offsets that names tell', () => {
  it('go on behind the last of each partition, as numbers', async () => {
    const store = await storeWith([
      't/partition=0/t+0+0000000000+9999999999.avro',
      't/partition=0/t+0+10000000000+10000000007.avro',
      't/partition=12/t+12+0000000005+0000000006.json',
      'other/partition=1/other+1+0000000000+0000000001.avro',
    ]);
    expect(await pinned(store, 't')).toMatchObject({
      execution: '/connect/topics/t',
      next: { 0: '10000000008', 12: '7' },
      remarks: [],
    });
  });

  it('are those of files of any depth, whose ranges may hold those of others', async () => {
    const store = await storeWith([
      't/year=2014/month=11/t+0+0000000000+0000000008.avro',
      't/year=2014/month=12/t+0+0000000001+0000000009.avro',
      't/year=2014/month=12/t+0+0000000010+0000000011.avro',
    ]);
    expect((await pinned(store, 't')).next).toEqual({ 0: '12' });
  });

  it('are an error that names each hole before them', async () => {
    const { code, message } = await errorOf(pinned(await storeWith(HOLE), 't'));
    expect([code, message]).toEqual(['records-missing', expect.stringContaining('partition 0: offsets 10 to 11')]);
  });

  it('are taken with holes where the job allows it, and where it commits none', async () => {
    const store = await storeWith(HOLE);
    for (const pins of [await pinned(store, 't', { missing: 'report' }), await pinned(store, 't', {}, {})])
      expect(pins).toMatchObject({
        next: { 0: '21' },
        remarks: [expect.stringContaining('partition 0: offsets 10 to 11')],
      });
  });

  it('are an error where no name tells any', async () => {
    const { code } = await errorOf(pinned(await storeWith(['t/partition=0/part-0.avro']), 't'));
    expect(code).toBe('offsets-missing');
    expect((await errorOf(pinned(await storeWith([]), 't'))).code).toBe('offsets-missing');
  });

  it('are an error behind which Kafka has none', async () => {
    const store = await storeWith(['t/partition=0/t+0+9223372036854775807+9223372036854775807.avro']);
    expect((await errorOf(pinned(store, 't'))).code).toBe('history-unusable');
  });

  it('say that the sink has not committed all that it wrote', async () => {
    const store = await storeWith(['t/partition=0/t+0+0+9.avro', '+tmp/t/partition=0/8950e_tmp.avro']);
    expect((await pinned(store, 't')).remarks).toEqual([expect.stringContaining('8950e_tmp.avro')]);
  });
});

const line = (offset: number): string => JSON.stringify({ timestamp: 1414911600000 + offset, offset });
const lines = (first: number, last: number): Buffer =>
  Buffer.from(Array.from({ length: last - first + 1 }, (_, index) => `${line(first + index)}\n`).join(''));
const time = { field: 'timestamp', format: 'unix_milliseconds' };
const at = (first: number, last: number): string => `/connect/topics/t/partition=0/t+0+${first}+${last}.json`;
const offsetsOf = (values: string[]): number[] =>
  values.map((value) => (JSON.parse(value) as { offset: number }).offset);

describe('a replay of JSON that the sink wrote', () => {
  it('publishes each line, and tells what is missing among the names', async () => {
    const store = await storeWith([]);
    await store.write(at(0, 3), [lines(0, 3)]);
    await store.write(at(6, 7), [lines(6, 7)]);
    const { values, listing } = await replayInMemory(store, { ...connectJob('t'), time });
    expect(offsetsOf(values)).toEqual([0, 1, 2, 3, 6, 7]);
    expect(listing.incomplete).toContain('partition 0: offsets 4 to 5');
    const fail = replayInMemory(store, { ...connectJob('t', { missing: 'fail' }), time, staging: '/other' });
    expect((await errorOf(fail)).code).toBe('records-missing');
  });

  it('says which file has fewer records than offsets, where no other file has them', async () => {
    const store = await storeWith([]);
    await store.write(at(0, 9), [lines(0, 3)]);
    const { remarks } = await replayInMemory(store, { ...connectJob('t'), time });
    expect(remarks).toEqual([expect.stringContaining(`${at(0, 9)} holds 4 records, and its name has 10 offsets`)]);
    const hourly = '/connect/topics/u/year=2014/month=11/day=02/hour=07/u+0+0+9.json';
    await store.write(hourly, [lines(0, 3)]);
    expect((await replayInMemory(store, { ...connectJob('u'), time })).remarks).toEqual([]);
  });

  it.each([
    ['0+9', [], 'at least 2 records, found 0'],
    ['0+9', [0], 'at least 2 records, found 1'],
    ['7+7', [], 'a record, found 0'],
  ] as const)(
    'refuses a file that lacks the first or the last record of its name, %s of %j',
    async (name, held, told) => {
      const store = await storeWith([]);
      const path = `/connect/topics/u/year=2014/month=11/day=02/hour=07/u+0+${name}.json`;
      await store.write(path, held.length === 0 ? [] : [lines(0, 0)]);
      const other = path.replace(name, '10+12');
      await store.write(other, [lines(10, 12)]);
      const job = { ...connectJob('u'), time };
      const error = await errorOf(replayInMemory(store, job));
      expect(error.message).toMatch(new RegExp(`${path.replaceAll('+', '\\+')}.*expected ${told}`));
      const skip = { ...job, badData: { policy: 'skip' as const, limitPercent: 100 }, staging: '/other' };
      expect(offsetsOf((await replayInMemory(store, skip)).values)).toEqual([...held, 10, 11, 12]);
    },
  );

  it.each([
    ['begins', 'u+0+0+5', 'u+0+0+7', 0],
    ['ends', 'u+0+0+9', 'u+0+4+9', 9],
    ['begins where it ends', 'u+0+0+4', 'u+0+4+9', 4],
  ])('refuses a file that %s with the record of one in another folder', async (_, one, other, offset) => {
    const store = await storeWith([]);
    const [first, second] = [`/connect/topics/u/region=eu/${one}.json`, `/connect/topics/u/region=us/${other}.json`];
    // Of a topic that was made anew they are other records.
    for (const [n, path] of [first, second].entries()) await store.write(path, [lines(n * 10, n * 10 + 1)]);
    const job = { ...connectJob('u'), time };
    const error = await errorOf(replayInMemory(store, job));
    expect(error.code).toBe('duplicates');
    expect(error.message).toContain(`${second} has offset ${offset}, and so has ${first}`);
    expect(error.message).toMatch(/of a topic that was made anew remove none, and set archive\.overlaps to "report"/);
    const report = { ...connectJob('u', { overlaps: 'report' }), time, staging: '/other' };
    expect(offsetsOf((await replayInMemory(store, report)).values)).toEqual([0, 1, 10, 11]);
  });

  it('leaves out what was committed after the offsets were pinned', async () => {
    const store = await storeWith([]);
    await store.write(at(0, 3), [lines(0, 3)]);
    const job = { ...connectJob('t'), time };
    const { values } = await replayInMemory(store, job, {
      afterPins: async () => {
        await store.write(at(4, 5), [lines(4, 5)]);
      },
    });
    expect(offsetsOf(values)).toEqual([0, 1, 2, 3]);
  });

  it('is not whole where a file was committed after the pins with records from before them', async () => {
    const store = await storeWith([]);
    await store.write(at(2, 3), [lines(2, 3)]);
    const late = '/connect/topics/t/region=eu/t+0+1+4.json';
    const { listing } = await replayInMemory(
      store,
      { ...connectJob('t'), time },
      {
        afterPins: async () => {
          await store.write(late, [lines(4, 4)]);
        },
      },
    );
    expect(listing.incomplete).toContain(late);
  });

  it('is not whole where fewer files are read than the offsets stand for', async () => {
    const store = await storeWith([]);
    await store.write(at(0, 3), [lines(0, 3)]);
    await store.write(at(4, 5), [lines(4, 5)]);
    await store.write('/connect/topics/t/partition=1/t+1+0+1.json', [lines(0, 1)]);
    const { listing } = await replayInMemory(store, { ...connectJob('t', { input: at(0, 3) }), time });
    expect(listing.incomplete).toContain('partition 0: offsets 4 to 5');
    expect(listing.incomplete).toContain('no file of partition 1 is read');
  });
});
