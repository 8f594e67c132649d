// What the history says was archived is compared with what the names of files hold. Offsets that no file holds are
// told by partition and execution; where a whole run is missing, the replay is incomplete, and says so.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { writeExecution } from '../../../support/camus-execution.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayInMemory } from '../../../support/replay-in-memory.ts';

const BUCKET = 1414915200000;
const HISTORY = '/exec/base/history';
const [FIRST, SECOND] = ['2026-11-20-10-00-00', '2026-11-20-11-00-00'];
const job: ReplayInput = {
  topic: 'events',
  archive: { dest: '/dest', exec: '/exec' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
};

let store: MemoryFileStore;

async function put(count: number, next: number | bigint, { partition = 0, topic = 'events' } = {}): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => `{"timestamp":${BUCKET + index}}\n`).join('');
  const name = `${topic}.1.${partition}.${count}.${next}.${BUCKET}`;
  await store.write(`/dest/${topic}/hourly/2014/11/02/00/${name}`, [Buffer.from(lines)]);
}

const execution = (name: string, offsets: Record<number, number | bigint>, errors?: number[]): Promise<void> =>
  writeExecution(store, `${HISTORY}/${name}`, {
    offsets: { events: offsets },
    ...(errors === undefined ? {} : { errors: { events: { 0: errors } } }),
  });

beforeEach(() => {
  store = new MemoryFileStore();
});

describe('records that are not there', () => {
  it('are said, with the offsets that Camus itself could not archive', async () => {
    await put(100, 100);
    await put(97, 200);
    await execution(FIRST, { 0: 100 });
    await execution(SECOND, { 0: 200 }, [121, 122, 123]);
    const { listing } = await replayInMemory(store, job);
    expect(listing.incomplete).toBeUndefined();
    expect(listing.remarks).toEqual([
      expect.stringMatching(
        /^partition 0 has 97 records for the offsets 100 to 199 .*2026-11-20-11-00-00.*3.*errors.*121, 122, 123.*java\.lang\.RuntimeException: no schema/,
      ),
    ]);
  });

  it('of a whole execution make the replay incomplete', async () => {
    await put(100, 100);
    await execution(FIRST, { 0: 100 });
    await execution(SECOND, { 0: 200 });
    const { listing } = await replayInMemory(store, job);
    expect(listing.incomplete).toMatch(/partition 0.*100 to 199.*2026-11-20-11-00-00/);
    expect(listing.remarks).toEqual([expect.stringMatching(/partition 0.*no file.*100 to 199.*2026-11-20-11-00-00/)]);
    const reporting = { ...job, archive: { ...job.archive, missing: 'report' as const } };
    const reported = await replayInMemory(store, { ...reporting, staging: '/other' });
    expect([reported.listing.incomplete, reported.listing.remarks.length]).toEqual([undefined, 1]);
    const failing = { ...job, archive: { ...job.archive, missing: 'fail' as const } };
    await expect(replayInMemory(store, { ...failing, staging: '/third' })).rejects.toMatchObject({
      code: 'records-missing',
    });
  });

  it('before the oldest execution that is known are said, since the archive may begin later', async () => {
    await put(20, 100);
    await execution(FIRST, { 0: 100, 1: 50 });
    const { listing } = await replayInMemory(store, job);
    expect(listing.incomplete).toBeUndefined();
    expect(listing.remarks).toEqual([
      'partitions with an offset to commit and without files: 1',
      expect.stringMatching(/partition 0: 20 records.*0 to 99.*partition 1: no.*0 to 49/),
    ]);
  });

  it('are told beyond 2^53, and of ten of very many partitions', async () => {
    const far = 9_007_199_254_740_993n;
    const partitions = Array.from({ length: 200 }, (_, partition) => partition);
    for (const partition of partitions) await put(1, far - 1n, { partition });
    await execution(FIRST, Object.fromEntries(partitions.map((partition) => [partition, far - 1n])));
    await execution(SECOND, Object.fromEntries(partitions.map((partition) => [partition, far])));
    const { listing } = await replayInMemory(store, job);
    expect(JSON.stringify(listing).length).toBeLessThan(8_000);
    expect(listing.remarks.join()).toContain('9007199254740992 to 9007199254740992');
    expect(listing.remarks.join()).toContain('190 more');
    expect(listing.incomplete).toContain('more');
  });

  it('are not looked for across a topic that was re-created: its offsets began anew', async () => {
    await put(100, 100);
    await execution('2026-11-19-10-00-00', { 0: 60 });
    await execution(FIRST, { 0: 10 });
    await execution(SECOND, { 0: 100 });
    await store.delete(`${HISTORY}/${FIRST}`, { recursive: true });
    await execution(FIRST, { 0: 0 });
    const { listing } = await replayInMemory(store, job);
    expect(listing.remarks).toEqual([]);
  });
});

describe('folders', () => {
  it('beside the one that is read are said, and make it incomplete where records are missing', async () => {
    await put(100, 900);
    await put(100, 1000);
    await store.write('/dest/events/daily/2014/11/01/part-r-00000', [Buffer.from('{"timestamp":1414915200005}\n')]);
    await execution(FIRST, { 0: 800 });
    await execution(SECOND, { 0: 1000 });
    const { listing } = await replayInMemory(store, job);
    expect(listing.remarks).toContainEqual(expect.stringContaining('/dest/events/daily'));
    expect(listing.incomplete).toMatch(/0 to 799.*daily/);
  });

  it('of which two hold the same days are said', async () => {
    await put(100, 100);
    await store.write('/dest/events/daily/2014/11/02/part-r-00000', [Buffer.from('{"timestamp":1414915200005}\n')]);
    const input = '/dest/events/{daily,hourly}';
    const { listing } = await replayInMemory(store, { ...job, archive: { input } });
    expect(listing.remarks).toEqual([
      expect.stringMatching(/\/dest\/events\/daily.*\/dest\/events\/hourly.*2014\/11\/02/),
    ]);
  });
});

describe('two topics in one folder', () => {
  const shared = { topic: 'a.b', archive: { dest: '/dest', exec: '/exec' }, time: job.time } as ReplayInput;

  beforeEach(async () => {
    await put(100, 100, { topic: 'a_b' });
  });

  it('can not be told apart: an error, unless the job takes both', async () => {
    await writeExecution(store, `${HISTORY}/${FIRST}`, { offsets: { 'a.b': { 0: 100 }, a_b: { 0: 50 } } });
    await expect(replayInMemory(store, shared)).rejects.toMatchObject({ code: 'topics-share-folder' });
    const taking = { ...shared, archive: { ...shared.archive, sharedFolder: 'accept' as const } };
    const { listing } = await replayInMemory(store, { ...taking, staging: '/other' });
    expect(listing.remarks).toContainEqual(expect.stringMatching(/a_b.*same folder/));
    expect(listing.incomplete).toBeUndefined();
  });

  it('are one where the other never had a record, or older executions alone know it', async () => {
    await writeExecution(store, `${HISTORY}/${FIRST}`, { offsets: { 'a.b': { 0: 100 }, a_b: { 0: 0 } } });
    expect((await replayInMemory(store, shared)).listing.remarks).toEqual([]);
    await writeExecution(store, `${HISTORY}/2026-11-19-10-00-00`, { offsets: { a_b: { 0: 7 } } });
    await expect(replayInMemory(store, { ...shared, staging: '/other' })).rejects.toMatchObject({
      code: 'topics-share-folder',
    });
  });
});

describe('files that are not finished', () => {
  const lines: ReplayInput = {
    topic: 'events',
    archive: { input: '/logs' },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
  };

  it('are left out while they are written, and make the replay incomplete', async () => {
    await store.write('/logs/a/part-0', [Buffer.from('{"timestamp":1414915200001}\n{"timestamp":1414915200002}\n')]);
    let listed: Awaited<ReturnType<typeof replayInMemory>> | undefined;
    await store.write(
      '/logs/a/part-1',
      (async function* () {
        yield Buffer.from('{"timestamp":1414915200003}\n{"time');
        listed = await replayInMemory(store, lines);
      })(),
    );
    expect(listed?.values.length).toBe(2);
    expect(listed?.listing.leftOut).toEqual([
      { reason: 'still being written', files: 1, examples: ['/logs/a/part-1'] },
    ]);
    expect(listed?.listing.incomplete).toContain('/logs/a/part-1');
    expect(listed?.listing.remarks).toEqual([expect.stringContaining('recoverLease')]);
  });

  it('are no files that are empty: these are only said', async () => {
    await store.write('/logs/a/part-0', [Buffer.from('{"timestamp":1414915200001}\n')]);
    await store.write('/logs/a/part-1', []);
    await store.write('/logs/b/part-2', []);
    const { listing } = await replayInMemory(store, lines);
    expect([listing.incomplete, listing.remarks]).toEqual([undefined, ['/logs/a/part-1, and 1 more files: empty']]);
  });
});
