// Proves that whole records which are published window by window of offsets come in the very sequence that they would as a
// whole, each once, wherever the publisher dies and whatever hours and runs leave between one another; that a record which
// may be passed by is refused; and that what names and first records don't tell is sorted as a whole.
import { describe, expect, it, vi } from 'vitest';
import type { JobError } from '../../../../activities/step/job-error.ts';
import { MemoryBudget } from '../../../../activities/step/memory-budget.ts';
import { chooseOffsetWindows } from '../../../../activities/replay/windows/choose-offset-windows.ts';
import { offsetsOfSplits } from '../../../../activities/replay/windows/offsets-of-splits.ts';
import type { SortChoice } from '../../../../activities/replay/windows/choose-windows.ts';
import { OffsetSplits } from '../../../../activities/replay/windows/offset-splits.ts';
import { MemoryReplay, type MemoryReplayOptions, type PublishedRecord } from '../../../support/kafka/memory-replay.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { TUNING } from '../../../support/memory-worker.ts';
import { randomWholeArchive } from '../../../support/random-whole-archive.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { stepContext } from '../../../support/step-context.ts';
import { MARKER } from '../../../formats/avro/container-bytes.ts';
import { wholeRecordFile, type WholeRecord } from '../../../support/whole-records.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

const ARCHIVE = { dest: '/camus', format: 'record', readAllFiles: true } as const;
const PARTITIONS = 4;

type Options = Omit<MemoryReplayOptions, 'files'>;

async function open(
  files: Record<string, Buffer>,
  sort: 'windows' | 'whole' | 'auto',
  { input = {}, tuning = {}, ...more }: Options = {},
): Promise<MemoryReplay> {
  const replay = await MemoryReplay.open({
    files,
    input: { archive: ARCHIVE, output: { partitionCount: PARTITIONS }, sort, ...input },
    tuning: { splitBytes: 800, ...tuning },
    ...more,
  });
  await replay.claim();
  return replay;
}

async function asWhole(files: Record<string, Buffer>, options: Options = {}): Promise<MemoryReplay> {
  const replay = await open(files, 'whole', options);
  await replay.publishAll();
  await replay.verify();
  return replay;
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

describe('whole records window by window of offsets', () => {
  it.each(SEEDS)('come in the sequence that they would as a whole (archive %i)', async (seed) => {
    const files = randomWholeArchive(seed);
    const input = {
      ...(seed % 4 === 0 && { output: { partitions: 'one' as const } }),
      ...(seed % 5 === 1 && { from: '2014-11-02T10:00:00Z', to: '2014-11-02T13:30:00Z' }),
    };
    const options: Options = { input };
    const whole = await asWhole(files, options);
    const replay = await open(files, 'windows', options);
    expect(replay.input.listing.windows?.count).toBeGreaterThan(1);
    await replay.publishAll(37);
    expect(await replay.published()).toEqual(await whole.published());
    await replay.verify();
    const { records, repeats, remarks, largestRecord, firstTime } = replay.input.catalogue;
    const { catalogue } = whole.input;
    expect({ records, repeats, remarks, largestRecord, firstTime }).toEqual({
      records: catalogue.records,
      repeats: catalogue.repeats,
      remarks: catalogue.remarks,
      largestRecord: catalogue.largestRecord,
      firstTime: catalogue.firstTime,
    });
  });

  it.each([
    ['written', 7, 2],
    ['after', 7, 2],
    ['before', 13, 2],
    ['after', 1, 5],
  ] as const)(
    'survive a publisher that dies %s its commits, with %i records in each',
    async (when, perTransaction, every) => {
      for (const seed of [3, 5]) {
        const files = randomWholeArchive(seed, { repeated: 3, records: 20, partitions: 3 });
        const expected = await (await asWhole(files)).published();
        const replay = await open(files, 'windows');
        let commits = 0;
        replay.kafka.interruption = ({ call }, moment) => {
          if (call === 'commit' && moment === when && (commits += 1) % every === 0) throw new Error('it dies');
        };
        await replay.publishAll(perTransaction);
        replay.kafka.interruption = undefined;
        expect(await replay.published()).toEqual(expected);
        await replay.verify();
      }
    },
  );

  it('go on in slices that end at once, here and on other workers', async () => {
    const files = randomWholeArchive(11, { repeated: 2, records: 60 });
    const expected = await (await asWhole(files)).published();
    for (const here of [true, false]) {
      const replay = await open(files, 'windows', { tuning: { splitBytes: 800, sliceMs: 0 } });
      for (;;) {
        // What is kept for the next slice is of this worker.
        if (!here) replay.shelf.take(`${replay.job.id} ${replay.input.listing.fingerprint}`, -1, undefined);
        const slice = await replay.publish({ records: 20 });
        expect(slice.records).toBeLessThanOrEqual(20);
        if (slice.done) break;
      }
      expect(await replay.published()).toEqual(expected);
      await replay.verify();
    }
  });

  it('hold in memory what fits, and all the same go on; are refused where one window does not', async () => {
    const files = randomWholeArchive(2, { repeated: 0 });
    const expected = await (await asWhole(files)).published();
    const replay = await open(files, 'windows');
    const { budget } = replay.worker.deps;
    replay.worker.deps.budget = new MemoryBudget(8_000);
    await expect(replay.publishAll(20)).rejects.toMatchObject({ code: 'window-too-large' });
    replay.worker.deps.budget = new MemoryBudget(200_000);
    await replay.publishAll(20);
    replay.worker.deps.budget = budget;
    expect(await replay.published()).toEqual(expected);
  });

  it('leave out what is damaged as a whole job does, and count it', async () => {
    const damaged = tenFiles();
    const [, , , fourth] = Object.keys(damaged);
    const bytes = damaged[fourth!]!;
    bytes
      .fill(0xff, bytes.lastIndexOf(MARKER, bytes.length - MARKER.length - 1))
      .fill(MARKER, bytes.length - MARKER.length);
    const options: Options = {
      tuning: { splitBytes: 3_000 },
      input: { badData: { policy: 'skip', limitPercent: 100 } },
    };
    const [whole, replay] = [await asWhole(damaged, options), await open(damaged, 'windows', options)];
    await replay.publishAll(5);
    const out = await replay.published();
    expect(out).toEqual(await whole.published());
    expect(out.length).toBeLessThan(100);
    expect(out.length).toBeGreaterThan(80);
    await replay.verify();
  });

  it('are none where no file has a record', async () => {
    const empty = { [`2014/11/02/01/events.0.0.0.5.${Date.UTC(2014, 10, 2, 9)}.avro`]: wholeRecordFile([]) };
    const [whole, replay] = [await asWhole(empty), await open(empty, 'windows')];
    await replay.publishAll();
    expect(replay.input.catalogue).toMatchObject({ records: '0', remarks: whole.input.catalogue.remarks });
    await replay.verify();
  });

  it('stage counts alone', async () => {
    const replay = await open(randomWholeArchive(4), 'windows');
    await replay.publishAll();
    const staged: string[] = [];
    for await (const { path } of replay.worker.store.list(`${replay.job.staging}/sorted`)) staged.push(path);
    expect(staged.filter((path) => !/\/window-\d+\.json$/.test(path))).toEqual([]);
    expect(staged).toHaveLength(replay.input.listing.windows!.count);
  });
});

/** Ten files of one partition, each of ten offsets that follow those before; in blocks of two records. */
function tenFiles(
  change: (file: number, offsets: number[]) => number[] = (_, offsets) => offsets,
): Record<string, Buffer> {
  return Object.fromEntries(
    Array.from({ length: 10 }, (_, file) => {
      const offsets = change(
        file,
        Array.from({ length: 10 }, (_, n) => file * 10 + n),
      );
      const name = `2014/11/02/0${file}/events.0.0.${offsets.length}.${(file + 1) * 10}.${Date.UTC(2014, 10, 2, 8 + file)}.avro`;
      return [
        name,
        wholeRecordFile(
          offsets.map((offset) => recordAt(offset, file)),
          2,
        ),
      ];
    }),
  );
}

function recordAt(offset: number, file: number): WholeRecord {
  const time = Date.UTC(2014, 10, 2, 8 + file) + (offset % 10);
  return { offset, timestamp: time, value: Buffer.from(`record ${offset} ${'x'.repeat(200)}`) };
}

const offsetOf = ({ value }: PublishedRecord): number => Number(value!.split(' ')[1]);

describe('a record that may be passed by', () => {
  // The last file has an offset, behind its first record, that is missing in the third.
  const astray = tenFiles((file, offsets) =>
    file === 2 ? offsets.filter((offset) => offset !== 25) : file === 9 ? [90, 25, ...offsets.slice(1)] : offsets,
  );

  it('ends the job before anything of the window that it was read for is published', async () => {
    const replay = await open(astray, 'windows');
    const refusal = await replay.publishAll(5).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'outside-window', facts: { offset: '25', partition: 0 } });
    const { message } = refusal as JobError;
    expect(message).toContain('events.0.0.11.100.');
    expect(message).toContain('its offset 25 in partition 0');
    expect(message).toContain('Set sort to "whole", and replay into a new topic');
    const offsets = (await replay.published()).map(offsetOf);
    expect(offsets.length).toBeGreaterThan(0);
    expect(Math.max(...offsets)).toBeLessThan(90);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('is no error where the job leaves it out', async () => {
    const [name] = Object.keys(astray).slice(-1);
    const early = { ...recordAt(25, 9), timestamp: Date.UTC(2014, 0, 1) };
    const records = [90, ...Array.from({ length: 9 }, (_, n) => 91 + n)].map((offset) => recordAt(offset, 9));
    const files = { ...astray, [name!]: wholeRecordFile([records[0]!, early, ...records.slice(1)], 2) };
    const input = { archive: { ...ARCHIVE, strayTimes: 'ignore' as const }, from: '2014-11-01T00:00:00Z' };
    const [whole, replay] = [await asWhole(files, { input }), await open(files, 'windows', { input })];
    await replay.publishAll(5);
    expect(await replay.published()).toEqual(await whole.published());
  });

  it('is no error where the job is sorted as a whole', async () => {
    const replay = await asWhole(astray);
    expect((await replay.published()).map(offsetOf)).toEqual(Array.from({ length: 100 }, (_, offset) => offset));
  });
});

describe('records with the offset of another one that are not the same', () => {
  const files = {
    ...tenFiles(),
    [`2014/11/02/07/events.9.0.1.80.${Date.UTC(2014, 10, 2, 15)}.avro`]: wholeRecordFile([
      { ...recordAt(75, 7), value: Buffer.from('record 75, but not that one') },
    ]),
  };

  it('end the job before their window is published, and what is out is said', async () => {
    const replay = await open(files, 'windows');
    const refusal = await replay.publishAll(5).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'records-differ' });
    const out = await replay.published();
    expect((refusal as JobError).message).toContain(`${out.length} records that come before it are published in `);
    expect(Math.max(...out.map(offsetOf))).toBeLessThan(75);
  });

  it('end a job that went on as a whole, and what is out is said', async () => {
    const replay = await open(files, 'auto', { tuning: { splitBytes: 800, sliceMs: 0 } });
    await replay.publish({ records: 20 });
    const out = await replay.published();
    expect(out.length).toBeGreaterThan(0);
    const refusal = await replay.goOnAsWhole().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'records-differ' });
    expect((refusal as JobError).message).toContain(`${out.length} records that come before it are published in `);
  });

  it('are taken as a whole job takes them where the job reports them', async () => {
    const input = { archive: { ...ARCHIVE, conflicts: 'report' as const } };
    const [whole, replay] = [await asWhole(files, { input }), await open(files, 'windows', { input })];
    await replay.publishAll(5);
    expect(await replay.published()).toEqual(await whole.published());
    expect(replay.input.catalogue.remarks).toEqual(whole.input.catalogue.remarks);
    await replay.verify();
  });
});

describe('a job of whole records that is sorted as is best', () => {
  const sorted = async (files: Record<string, Buffer>, options: Options = {}): Promise<string> => {
    const { listing } = (await open(files, 'auto', options)).input;
    return listing.windows === undefined ? listing.remarks.join() : 'windows';
  };

  it('has windows where names and first records tell offsets', async () => {
    expect(await sorted(tenFiles())).toBe('windows');
  });

  it.each<[string, Record<string, Buffer>, string]>([
    [
      'names tell no offsets',
      Object.fromEntries(Object.entries(tenFiles()).map(([, bytes], file) => [`2014/11/02/01/f${file}.avro`, bytes])),
      'tells no partition, or no offsets',
    ],
    [
      'a first record is behind what the name tells',
      {
        ...tenFiles(),
        [`2014/11/02/01/events.0.0.1.5.${Date.UTC(2014, 10, 2, 9)}.avro`]: wholeRecordFile([recordAt(400, 1)]),
      },
      'has the offset 400',
    ],
  ])('is sorted as a whole where %s, and says so', async (_, files, why) => {
    expect(await sorted(files)).toMatch(new RegExp(`sorted as a whole.*${why}`));
  });

  it('is cut as it would be where it is sorted as a whole in the end', async () => {
    const files = Object.fromEntries(
      Object.values(tenFiles()).map((bytes, file) => [`2014/11/02/01/f${file}.avro`, bytes]),
    );
    const tuning = { splitBytes: 100 * 1024 * 1024 };
    const splits = async (sort: 'auto' | 'whole'): Promise<number> =>
      (await open(files, sort, { tuning })).input.listing.splits;
    expect(await splits('auto')).toBe(await splits('whole'));
  });

  it('is sorted as a whole where windows, with what they leave, take more than the worker has; or refused', async () => {
    const files = tenFiles();
    const store = new MemoryFileStore();
    const splits = new OffsetSplits(1_000);
    for (const [path, bytes] of Object.entries(files)) {
      await store.write(`/camus/events/hourly/${path}`, [bytes]);
      const { length, modifiedAt } = (await store.status(`/camus/events/hourly/${path}`))!;
      const file = { path: `/camus/events/hourly/${path}`, length, modifiedAt, partition: 0, count: 10 };
      expect([...splits.add(file, false)]).toEqual(expect.any(Array));
    }
    expect([...splits.end()]).toHaveLength(1);
    const chosen = async (sort: 'windows' | 'auto', room: number): Promise<SortChoice> => {
      const job = { ...replayJob({ archive: ARCHIVE, sort }), tuning: { ...TUNING, splitBytes: 1_000 } };
      const found = await offsetsOfSplits(store, job, splits, stepContext());
      return chooseOffsetWindows(job, splits, found, [], room);
    };
    expect(await chosen('auto', 1e9)).toMatchObject({ why: undefined, fitting: 10 });
    expect(await chosen('auto', 10_000)).toMatchObject({
      windows: undefined,
      why: expect.stringContaining("windows of offsets don't fit into memory") as string,
    });
    await expect(chosen('windows', 10_000)).rejects.toMatchObject({ code: 'windows-unusable' });
  });

  it('reckons with where nearly all records of a file are, by its first block, and where its name ends', async () => {
    const spanOf = async (offsets: number[]): Promise<unknown> => {
      const path = `/camus/events/hourly/2014/11/02/01/events.0.0.${offsets.length}.${offsets.at(-1)! + 1}.0.avro`;
      const store = new MemoryFileStore();
      const records = offsets.map((offset) => ({ partition: 0, offset, value: Buffer.alloc(50) }));
      await store.write(path, [wholeRecordFile(records, 10)]);
      const { length, modifiedAt } = (await store.status(path))!;
      const looks = [{ split: 0, file: { path, length, modifiedAt, partition: 0, count: 0 }, range: undefined }];
      const job = replayJob({ archive: ARCHIVE });
      const found = await offsetsOfSplits(store, job, { looks, sizes: [{ bytes: length, files: 1 }] }, stepContext());
      return 'splits' in found ? found.splits[0] : found.why;
    };
    const hundred = Array.from({ length: 100 }, (_, n) => 1_000 + n);
    // Of each byte of the file as many as of the first block, and a quarter more; its header is in that.
    const late = (await spanOf([...hundred, 9_000])) as { denseTo: number };
    expect(late).toMatchObject({ from: 1_000, to: 9_001 });
    expect(late.denseTo).toBeGreaterThanOrEqual(1_100);
    expect(late.denseTo).toBeLessThan(1_200);
    expect(await spanOf(hundred)).toMatchObject({ from: 1_000, denseTo: 1_100, to: 1_100 });
    // Sparse all over.
    expect(await spanOf(hundred.map((offset) => offset * 50))).toMatchObject({ denseTo: 54_951, to: 54_951 });
  });

  it.each([
    ['gaps are to end it', { archive: { ...ARCHIVE, gaps: 'fail' as const } }],
    ['the order is another one', { order: 'file' as const }],
  ])('is refused windows where %s, and sorted as a whole where it may be', async (_, input) => {
    await expect(open(tenFiles(), 'windows', { input })).rejects.toMatchObject({ code: 'input-invalid' });
    expect((await open(tenFiles(), 'auto', { input })).input.listing.windows).toBeUndefined();
  });
});
