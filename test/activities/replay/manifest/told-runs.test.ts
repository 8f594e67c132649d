// What an execution of Rewind's own archive says of itself is believed: a run that archived nothing, and says so, is no
// hole, and one of whose records fewer are there than it says is, whatever else of it is there.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { stagingFolder } from '../../../../activities/replay/staging.ts';
import { REWIND_JSON } from '../../../../layouts/execution-account.ts';
import { writeExecution } from '../../../support/camus-execution.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { writeOwnExecution, type OwnPartition } from '../../../support/own-execution.ts';
import { replayInMemory, type ReplayInMemory } from '../../../support/replay-in-memory.ts';

const BUCKET = 1414915200000;
const HISTORY = '/exec/history';
const [FIRST, SECOND, THIRD] = ['2026-11-20-10-00-00', '2026-11-20-11-00-00', '2026-11-20-12-00-00'];
const job: ReplayInput = {
  topic: 'events',
  archive: { dest: '/dest', history: HISTORY },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
};

let store: MemoryFileStore;

async function put(count: number, next: number, partition = 0): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => `{"timestamp":${BUCKET + index}}\n`).join('');
  const name = `events.1.${partition}.${count}.${next}.${BUCKET}`;
  await store.write(`/dest/events/hourly/2014/11/02/00/${name}`, [Buffer.from(lines)]);
}

const execution = (name: string, ...partitions: OwnPartition[]): Promise<void> =>
  writeOwnExecution(store, `${HISTORY}/${name}`, partitions);

async function listed(more: Partial<ReplayInput> = {}): Promise<ReplayInMemory['listing']> {
  return (await replayInMemory(store, { ...job, ...more })).listing;
}

/** A run with a file of 100 records. */
beforeEach(async () => {
  store = new MemoryFileStore();
  await put(100, 100);
  await execution(FIRST, { start: '0', next: '100', records: 100 });
});

describe('a run that says that it archived nothing', () => {
  it.each([
    ['of deletions and aborted records', { tombstone: 10, aborted: 40 }],
    ['of markers of transactions alone', {}],
  ])('%s is no hole', async (_, left) => {
    await execution(SECOND, { start: '100', next: '150', records: 0, left });
    const { incomplete, remarks } = await listed();
    expect(incomplete).toBeUndefined();
    expect(remarks.filter((remark) => !remark.includes('left out by executions'))).toEqual([]);
  });

  it('of bad records is none, and those are said with their offsets', async () => {
    const partition = { start: '100', next: '150', records: 0, left: { corrupt: 50 } };
    const errors = [{ offset: '149', message: 'bytes that are no JSON' }];
    await writeOwnExecution(store, `${HISTORY}/${SECOND}`, [partition], errors);
    const { incomplete, remarks } = await listed();
    expect(incomplete).toBeUndefined();
    expect(remarks).toEqual([
      expect.stringMatching(/^partition 0.*offsets 100 to 149 .*2026-11-20-11.*50 bad.*errors.*149.*no JSON/),
      expect.stringMatching(/left out by executions.*50 corrupt/),
    ]);
  });

  it.each([
    ['a gap', { start: '150', next: '150', missing: { from: '100', to: '150', why: 'deleted in Kafka' } }],
    ['moveToEnd', { start: '150', next: '150', missing: { from: '100', to: '150', why: 'moved to the end' } }],
    ['a gap amid', { start: '100', next: '150', missing: { from: '110', to: '120', why: 'deleted in Kafka' } }],
  ])('but %s names what is gone, and why', async (_, { missing, ...span }) => {
    await execution(SECOND, { ...span, records: 0, missing: [missing] });
    const { incomplete, remarks } = await listed();
    expect(incomplete).toBeUndefined();
    expect(remarks).toEqual([
      expect.stringContaining(
        `partition 0: offsets ${missing.from} to ${Number(missing.to) - 1} (execution ${SECOND}): ${missing.why}`,
      ),
    ]);
  });

  it('is the oldest that is known: nothing is said of its holes', async () => {
    await store.delete(`${HISTORY}/${FIRST}`, { recursive: true });
    await execution(FIRST, { start: '0', next: '150', records: 100 });
    expect(await listed()).toMatchObject({ incomplete: undefined, remarks: [] });
  });
});

describe('a run with fewer records than it says', () => {
  beforeEach(() => execution(SECOND, { start: '100', next: '150', records: 30, left: { aborted: 10 } }));

  it('has lost a file beside others, and the archive is not whole', async () => {
    await put(13, 120);
    const { incomplete, remarks } = await listed();
    expect(incomplete).toMatch(
      /partition 0: .*13 of the 30.*100 to 149 \(execution 2026-11-20-11-00-00\), 17 are missing/,
    );
    expect(remarks[0]).toBe(incomplete);
  });

  it('has lost them all where no file is there', async () => {
    const { incomplete, remarks } = await listed();
    expect(incomplete).toMatch(/no file.*partition 0.*100 to 149.*2026-11-20-11-00-00/);
    expect(remarks[0]).toMatch(/no file.*100 to 149.*2026-11-20-11-00-00.*archived 30/);
  });

  it('is whole with all of its files', async () => {
    await put(13, 120);
    await put(17, 150);
    expect((await listed()).incomplete).toBeUndefined();
  });

  it('is the oldest that is known, and begins where the one before it ended', async () => {
    await store.delete(`${HISTORY}/${FIRST}`, { recursive: true });
    await put(13, 120);
    expect((await listed()).incomplete).toMatch(/13 of the 30 .*offsets 100 to 149/);
    await put(17, 150);
    expect(await listed({ staging: '/again' })).toMatchObject({ incomplete: undefined });
  });
});

describe('names alone count', () => {
  it('where Camus wrote the execution', async () => {
    await writeExecution(store, `${HISTORY}/${SECOND}`, { offsets: { events: { 0: 150 } } });
    expect((await listed()).incomplete).toMatch(/no file.*100 to 149/);
  });

  it('where an execution speaks of other offsets, since one before it can not be read', async () => {
    await execution(SECOND, { start: '100', next: '150', records: 30 });
    await execution(THIRD, { start: '150', next: '200', records: 0 });
    await put(30, 150);
    expect((await listed()).incomplete).toBeUndefined();
    await store.delete(`${HISTORY}/${SECOND}/offsets-m-00000`);
    const { remarks, incomplete } = await listed({ staging: '/again' });
    expect(incomplete).toBeUndefined();
    expect(remarks.join()).toContain('30 records for the offsets 100 to 199');
  });

  it('of a topic that was made anew: older executions speak of another one', async () => {
    await execution(SECOND, { start: '0', next: '40', records: 10 });
    await store.delete('/dest/events', { recursive: true });
    await put(10, 40);
    expect(await listed()).toMatchObject({ incomplete: undefined, remarks: [] });
  });

  it('and it is said, where what an execution says can not be read', async () => {
    await execution(SECOND, { start: '100', next: '150', records: 0 });
    await execution(THIRD, { start: '150', next: '200', records: 0 });
    for (const path of [SECOND, THIRD].map((name) => `${HISTORY}/${name}/${REWIND_JSON}`)) {
      await store.delete(path);
      await store.write(path, [Buffer.from('{"version":1,"partitions":[{"topic":"ev')]);
    }
    const { summary, listing } = await replayInMemory(store, job);
    expect(listing.incomplete).toMatch(/no file.*100 to 149/);
    expect(summary.remarks).toEqual([
      expect.stringMatching(/2026-11-20-11-00-00\/rewind.json.*and 1 more: damaged.*names of files alone/),
    ]);
  });
});

it('a job that an older release has begun goes on by names alone', async () => {
  await execution(SECOND, { start: '100', next: '150', records: 0 });
  const path = `${stagingFolder('/staging', 'events', 'memory/run')}/offsets.json`;
  const { listing } = await replayInMemory(
    store,
    { ...job, staging: '/staging' },
    {
      afterPins: async () => {
        const bytes = await store.read(path, 0, (await store.status(path))!.length);
        const { told, ...older } = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
        expect(told).toBeDefined();
        await store.delete(path);
        await store.write(path, [Buffer.from(JSON.stringify(older))]);
      },
    },
  );
  expect(listing.incomplete).toMatch(/no file.*100 to 149/);
});

it('of many topics and partitions, only what is asked for is pinned', async () => {
  const others = Array.from({ length: 50 }, (_, partition) => ({
    ...{ topic: 'others', partition, start: '0', next: '10', records: 10 },
  }));
  await execution(SECOND, { start: '100', next: '150', records: 0, left: { aborted: 50 } }, ...others);
  const { pins } = await replayInMemory(store, job);
  expect(pins?.told).toEqual({ '0': [{ records: 100 }, { records: 0, left: { aborted: 50 } }] });
});
