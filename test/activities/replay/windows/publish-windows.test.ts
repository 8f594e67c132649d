// Proves that a job which is sorted window by window publishes the very sequence that it would be as a whole, each record
// once, wherever its publisher dies; that records outside of their window are refused before that is published; and that
// nothing is staged but counts.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JobError } from '../../../../activities/step/job-error.ts';
import { MemoryBudget } from '../../../../activities/step/memory-budget.ts';
import { WindowShelf } from '../../../../activities/replay/windows/window-shelf.ts';
import type { MemoryReplay } from '../../../support/kafka/memory-replay.ts';
import { gate } from '../../../support/unpaced.ts';
import { archive, BEGIN, HOUR, HOURS, lines, nameOf, open, PARTITIONS, RECORDS, upTo } from './hourly-lines.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => import('../../../support/unpaced.ts'));

const whole = open('whole').then(async (replay) => {
  await replay.publishAll();
  await replay.verify();
  return replay.published();
});

describe('a job that is sorted window by window', () => {
  it('publishes what it would as a whole, in the same order, and passes the last check', async () => {
    const replay = await open('windows');
    expect(replay.input.listing.windows).toMatchObject({ count: HOURS });
    await replay.publishAll();
    expect(await replay.published()).toEqual(await whole);
    expect(replay.input.catalogue).toMatchObject({
      records: String(HOURS * PARTITIONS * RECORDS),
      firstTime: String(BEGIN),
      lastTime: String(BEGIN + (HOURS - 1) * HOUR + (RECORDS - 1) * 120_000),
    });
    const { partitions } = await replay.verify();
    expect(partitions.map(({ records }) => records)).toEqual(
      Array.from({ length: PARTITIONS }, () => String(HOURS * RECORDS)),
    );
  });

  it('gives the memory of its threads back when all is out, and not before', async () => {
    const replay = await open('windows');
    const rest = vi.spyOn(replay.worker.deps.decoder, 'rest');
    await replay.publish({ records: 50 }, upTo(replay, 2));
    expect(rest).not.toHaveBeenCalled();
    await replay.publishAll();
    expect(rest).toHaveBeenCalledTimes(1);
  });

  it('stages counts alone', async () => {
    const replay = await open('windows');
    await replay.publishAll();
    const staged: string[] = [];
    for await (const { path } of replay.worker.store.list(`${replay.job.staging}/sorted`)) staged.push(path);
    expect(staged.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(
      Array.from({ length: HOURS }, (_, window) => `window-${window}.json`),
    );
  });

  it.each([
    ['written', 25, 2],
    ['after', 25, 2],
    ['before', 40, 2],
    ['after', PARTITIONS * RECORDS, 2],
  ] as const)(
    'survives a publisher that dies %s its commits, with %i records in each',
    async (when, perTransaction, every) => {
      const replay = await open('windows');
      let commits = 0;
      replay.kafka.interruption = ({ call }, moment) => {
        if (call === 'commit' && moment === when && (commits += 1) % every === 0) throw new Error('it dies');
      };
      await replay.publishAll(perTransaction);
      replay.kafka.interruption = undefined;
      expect(await replay.published()).toEqual(await whole);
      await replay.verify();
    },
  );

  it('goes on in the middle of a window on another worker, and in slices that end at once', async () => {
    const replay = await open('windows', { tuning: { splitBytes: 3_000, sliceMs: 0 } });
    for (;;) {
      const slice = await replay.publish({ records: 50 });
      expect(slice.records).toBeLessThanOrEqual(50);
      if (slice.done) break;
    }
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
  });

  it('ends at the end of a transaction when it is told to, and says how far it got', async () => {
    const replay = await open('windows');
    const slice = await replay.publish({ records: 50 }, upTo(replay, 3));
    expect(slice.done).toBe(false);
    expect(Number(slice.published)).toBe((await replay.published()).length);
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
  });

  it('holds as few windows in memory as fit, and all the same goes on', async () => {
    const replay = await open('windows');
    replay.worker.deps.budget = new MemoryBudget(32_000);
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
  });

  it('refuses a window that takes more than all memory, and goes on where a worker has more', async () => {
    const replay = await open('windows');
    const { budget } = replay.worker.deps;
    replay.worker.deps.budget = new MemoryBudget(16_000);
    await expect(replay.publishAll(50)).rejects.toMatchObject({ code: 'window-too-large' });
    replay.worker.deps.budget = budget;
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
  });

  it('goes on as a whole in the middle of a window, with what is left of the same sequence', async () => {
    const replay = await open('windows');
    await replay.publish({ records: 50 }, upTo(replay, 4));
    const out = await replay.published();
    await replay.goOnAsWhole();
    await replay.publishAll(50);
    const all = await replay.published();
    expect(all.slice(0, out.length)).toEqual(out);
    expect(all).toEqual(await whole);
    await replay.verify();
  });

  it('is taken up as a whole, behind the window where it went on as that', async () => {
    const replay = await open('auto');
    await replay.publish({ records: 50 }, upTo(replay, 2));
    await replay.goOnAsWhole();
    await replay.publish({ records: 50 }, upTo(replay, 4));
    expect((await replay.published()).length).toBeGreaterThan(3 * PARTITIONS * RECORDS);
    await replay.takeUp();
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
    expect(replay.input.listing.remarks.join()).toContain('went on as one that is sorted as a whole');
  });

  it('has its windows when it is taken up before', async () => {
    const replay = await open('auto');
    await replay.publish({ records: 50 }, upTo(replay, 2));
    const { listing } = replay.input;
    await replay.takeUp();
    expect(replay.input.listing).toEqual(listing);
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
  });

  it('refuses to go on in a window that gives other records when it is decoded again', async () => {
    const replay = await open('windows');
    const { store } = replay.worker;
    await replay.publish({ records: 50 }, upTo(replay, 3));
    const before = await replay.published();
    const inHand = nameOf(Math.floor(before.at(-1)!.ordinal / (PARTITIONS * RECORDS)), 0);
    replay.shelf = new WindowShelf(replay.worker.deps.budget); // another worker's
    const read = store.read.bind(store);
    store.read = async (path, ...rest) => {
      const bytes = await read(path, ...rest);
      // As many records, of as many bytes: one has another time.
      return path.endsWith(inHand)
        ? Buffer.from(Buffer.from(bytes).toString('latin1').replace('40000,', '40001,'), 'latin1')
        : bytes;
    };
    await expect(replay.publishAll(50)).rejects.toMatchObject({ code: 'staging-unusable' });
    expect(await replay.published()).toEqual(before);
    store.read = read;
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await whole);
  });

  it('counts the same as the job that is sorted as a whole, window by window', async () => {
    const replay = await open('windows');
    const slices: unknown[] = [];
    for (;;) {
      const slice = await replay.publish({ records: 100 });
      slices.push(slice);
      if (slice.done) break;
    }
    expect(slices.at(-1)).toMatchObject({
      window: HOURS - 1,
      decoded: { read: 360, kept: 360, skipped: 0, timeUnits: ['millis'] },
    });
  });
});

describe('a window whose files follow one another', () => {
  // Each has a third of the hour.
  const third = (partition: number) => (n: number) => partition * (HOUR / 3) - ((n * 17) % RECORDS) * 80_000;
  const files: Record<string, Buffer> = {};
  for (let hour = 0; hour < HOURS; hour += 1)
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      files[nameOf(hour, partition)] = lines(hour, partition, third(partition));
  const asWhole = open('whole', { files }).then(async (replay) => {
    await replay.publishAll();
    return replay.published();
  });
  const openThirds = (): Promise<MemoryReplay> => open('windows', { files, tuning: { splitBytes: 1_500, sliceMs: 0 } });

  afterEach(() => {
    gate.transactions = Infinity;
  });

  it('lets go of each when it is out, and goes on with the others in slices that end in the middle of it', async () => {
    const replay = await openThirds();
    const decode = vi.spyOn(replay.worker.deps.decoder, 'runs');
    for (let done = false, slices = 0; !done && slices < 100; slices += 1)
      done = (await replay.publish({ records: 13 })).done;
    expect(await replay.published()).toEqual(await asWhole);
    expect(decode).toHaveBeenCalledTimes(HOURS * PARTITIONS);
    await replay.verify();
  });

  it('keeps what a transaction has that may not go out', async () => {
    const replay = await openThirds();
    const decode = vi.spyOn(replay.worker.deps.decoder, 'runs');
    await replay.publish({ records: 13 });
    // It has what is left of two files.
    gate.transactions = 0;
    expect((await replay.publish({ records: 40 })).records).toBe(0);
    gate.transactions = Infinity;
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await asWhole);
    expect(decode).toHaveBeenCalledTimes(HOURS * PARTITIONS);
    await replay.verify();
  });
});

describe('a record whose time is not in its window', () => {
  // A file that the sample has not: of two files it takes one.
  const early = { [nameOf(3, 2)]: lines(3, 2, (n) => (n === 12 ? -2 * HOUR : 0)) };
  const late = { [nameOf(3, 2)]: lines(3, 2, (n) => (n === 12 ? 2 * HOUR : 0)) };

  it.each([
    ['too early', early, 'records of that time may be published already', 'Set sort to "whole", and replay into a new'],
    ['too late', late, 'it belongs behind records of files that are not read yet', 'Take the job up with sort "auto"'],
  ])('is an error where it is %s, before anything of the window is published', async (_, changed, why, remedy) => {
    const replay = await open('windows', { files: archive(changed) });
    const refusal = await replay.publishAll(50).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'outside-window' });
    const { message } = refusal as JobError;
    expect(message).toContain(nameOf(3, 2));
    expect(message).toContain('record 12');
    expect(message).toContain(why);
    expect(message).toContain(remedy);
    const hours = (await replay.published()).map(({ value }) => (JSON.parse(value ?? '{}') as { hour: number }).hour);
    expect(hours.filter((hour) => hour >= 3)).toEqual([]);
    expect(hours.length).toBeGreaterThan(0);
  });

  it.each([
    ['late', late],
    ['early', early],
  ])(
    'lets the job go on as a whole where it is too %s, unless it belongs before what is out',
    async (which, changed) => {
      const replay = await open('windows', { files: archive(changed) });
      await expect(replay.publishAll(50)).rejects.toMatchObject({ facts: { late: which === 'late' } });
      const out = await replay.published();
      expect(out.length).toBeGreaterThan(0);
      await replay.goOnAsWhole();
      const rest = replay.publishAll(50);
      if (which === 'early') {
        const foreign = await rest.catch((error: unknown) => error);
        expect(foreign).toMatchObject({ code: 'position-foreign' });
        expect((foreign as JobError).message).toMatch(
          new RegExp(
            `^${out.length} records .* and 1 more belong before the last .* Set sort to "whole", and replay into`,
          ),
        );
        expect(await replay.published()).toEqual(out);
        return;
      }
      await rest;
      const asWhole = await open('whole', { files: archive(changed) });
      await asWhole.publishAll();
      expect(await replay.published()).toEqual(await asWhole.published());
      await replay.verify();
    },
  );

  it('is no error where the job is sorted as a whole', async () => {
    const replay = await open('whole', { files: archive(early) });
    await replay.publishAll();
    expect(await replay.published()).toHaveLength(HOURS * PARTITIONS * RECORDS);
  });
});

describe('a record that is too early for its window, and behind all that is out', () => {
  const hour = 3;
  const timeOf = (line: string): number => (JSON.parse(line) as { timestamp: number }).timestamp;
  const own = timeOf(lines(hour, 2).toString().split('\n')[12]!);
  const out = [0, 1, 2].flatMap((partition) =>
    lines(hour - 1, partition)
      .toString()
      .trim()
      .split('\n')
      .map(timeOf),
  );

  it.each([
    ['follows the last record of the window before', -10 * 60_000],
    ['has the time of the last record of the window before, and comes behind it by its place', Math.max(...out) - own],
  ])('lets the job go on as a whole: it %s', async (_, by) => {
    const changed = { [nameOf(hour, 2)]: lines(hour, 2, (n) => (n === 12 ? by : 0)) };
    const replay = await open('windows', { files: archive(changed) });
    const refusal = await replay.publishAll(50).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'outside-window', facts: { late: false, behind: true } });
    expect((refusal as JobError).message).toContain('Take the job up with sort "auto"');
    expect(await replay.published()).toHaveLength(hour * PARTITIONS * RECORDS);
    await replay.goOnAsWhole();
    await replay.publishAll(50);
    const asWhole = await open('whole', { files: archive(changed) });
    await asWhole.publishAll();
    expect(await replay.published()).toEqual(await asWhole.published());
    await replay.verify();
  });
});

describe('a job that bad data ended among its windows', () => {
  /** One line of an hour is none. */
  const damaged = (hour: number): Record<string, Buffer> => {
    const text = lines(hour, 2).toString().split('\n');
    return { [nameOf(hour, 2)]: Buffer.from(text.with(12, '{"timestamp":').join('\n')) };
  };
  const SKIP = { policy: 'skip', limitPercent: 50, limits: {} } as const;
  const skipped = async (): Promise<unknown[]> => {
    const replay = await open('whole', { files: archive(damaged(3)), input: { badData: SKIP } });
    await replay.publishAll();
    return replay.published();
  };

  async function ended(): Promise<MemoryReplay> {
    const replay = await open('auto', { files: archive(damaged(3)) });
    const error = (await replay.publish({ records: 50 }).catch((thrown: unknown) => thrown)) as Error;
    const out = 3 * PARTITIONS * RECORDS;
    expect(await replay.published()).toHaveLength(out);
    expect(error.message).toContain(nameOf(3, 2));
    expect(error.message).toContain('rewind resume ID --job JOB.json');
    expect(error.message).toContain(`${out} records that come before it are published in events_REPLAY`);
    return replay;
  }

  it('goes on behind what is out where it is taken up to leave that out, and publishes what it would have', async () => {
    const replay = await ended();
    await replay.takeUp({ badData: SKIP });
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await skipped());
    await replay.verify();
  });

  it('takes no window that was decoded ahead by the policy before', async () => {
    const replay = await open('auto', { files: archive(damaged(3)) });
    await replay.publish({ records: 50 }, upTo(replay, 1));
    const kept = replay.shelf;
    await replay.takeUp({ badData: SKIP });
    replay.shelf = kept;
    while (!(await replay.publish({ records: 50 })).done);
    expect(await replay.published()).toEqual(await skipped());
  });

  it('is not gone on with by the policy before, once something was left out', async () => {
    const replay = await ended();
    await replay.takeUp({ badData: SKIP });
    while ((await replay.published()).length < 5 * PARTITIONS * RECORDS)
      await replay.publish({ records: 50 }, upTo(replay, 1));
    await replay.takeUp({ badData: { ...SKIP, policy: 'fail' } });
    await expect(replay.publish()).rejects.toMatchObject({ code: 'skip-limit', facts: { field: 'policy' } });
    await replay.takeUp({ badData: SKIP });
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await skipped());
  });
});

describe('a limit on what is skipped', () => {
  /** Three lines of the first hour are none: five per cent of it, and less than one of all. */
  const text = lines(0, 2).toString().split('\n');
  const files = archive({ [nameOf(0, 2)]: Buffer.from(text.with(3, 'no').with(4, 'no').with(5, 'no').join('\n')) });
  const limited = (limitPercent: number) =>
    open('auto', { files, input: { badData: { policy: 'skip', limitPercent } } });

  it('is that of the whole job: what stands together at its beginning does not end it', async () => {
    const replay = await limited(1);
    await replay.publishAll(50);
    expect(await replay.published()).toHaveLength(HOURS * PARTITIONS * RECORDS - 3);
  });

  it('ends it as soon as all that is to come can hardly make up for it, with the reasons written down', async () => {
    const replay = await limited(0.5);
    await expect(replay.publishAll(50)).rejects.toMatchObject({ code: 'skip-limit' });
    expect(await replay.published()).toEqual([]);
    const reasons: string[] = [];
    for await (const { path } of replay.worker.store.list(`${replay.job.staging}.errors`)) reasons.push(path);
    expect(reasons).toHaveLength(1);
  });
});

describe('a job that is sorted as is best', () => {
  const shifted = archive();
  for (const name of Object.keys(shifted)) {
    const [hour, partition] = [
      Math.floor((Number(/\.(\d+)\.json$/.exec(name)![1]) - BEGIN) / HOUR),
      Number(name.split('.')[2]),
    ];
    shifted[name] = lines(hour, partition, () => 30 * 60_000);
  }

  it('takes windows where names tell times', async () => {
    expect((await open('auto')).input.listing.windows).toBeDefined();
  });

  it('is sorted as a whole where the sample has other times, and says so', async () => {
    const { listing } = (await open('auto', { files: shifted })).input;
    expect(listing.windows).toBeUndefined();
    expect(listing.remarks.join()).toMatch(/sorted as a whole.*has a record of 2014-11-02T/);
  });

  it('is refused where it is to have windows all the same', async () => {
    await expect(open('windows', { files: shifted })).rejects.toMatchObject({ code: 'windows-unusable' });
  });

  it('has one window, without any check, where names tell nothing and all fits into memory', async () => {
    const files = Object.fromEntries(Object.values(archive()).map((bytes, index) => [`a/b/c/d/f${index}.json`, bytes]));
    const replay = await open('auto', { files, input: { output: { partitions: 'one' } } });
    expect(replay.input.listing.windows).toMatchObject({ count: 1 });
    await replay.publishAll(100);
    const values = (await replay.published()).map(({ value }) => value);
    expect(values.toSorted()).toEqual((await whole).map(({ value }) => value).toSorted());
    await replay.verify();
  });
});
