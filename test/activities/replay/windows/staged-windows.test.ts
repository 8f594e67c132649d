// Proves that a window which does not fit into memory goes through staging alone: the sequence is that of the job as a whole
// wherever its publisher dies, each of its times is compared with it, and staging holds nothing of a window that is out.
import { describe, expect, it, vi } from 'vitest';
import { JobError } from '../../../../activities/step/job-error.ts';
import { MemoryBudget } from '../../../../activities/step/memory-budget.ts';
import { MemoryReplay, type MemoryReplayOptions, type PublishedRecord } from '../../../support/kafka/memory-replay.ts';

vi.mock('../../../../activities/replay/publish/pacer.ts', () => ({
  Pacer: class {
    readonly maxBytes = Infinity;
    readonly maxRecords: number;
    constructor({ records = Infinity }: { records?: number }) {
      this.maxRecords = records;
    }
    mayGo = async (): Promise<boolean> => true;
  },
}));

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2014, 10, 2, 9);
const HOURS = 6;
const PARTITIONS = 3;
const RECORDS = 20;
/** Files of a partition in the hour that is larger than others. */
const MANY = 4;
/** Bytes of memory: a quarter is for records, which is enough for any of the other hours. */
const BUDGET = 48_000;

type Change = (n: number) => number;

/** Lines of an hour, at times that other files have as well, and out of order. */
function lines(hour: number, partition: number, file: number, change: Change = () => 0): Buffer {
  const all = Array.from({ length: RECORDS }, (_, n) =>
    JSON.stringify({
      timestamp: BEGIN + hour * HOUR + ((n * 17) % RECORDS) * 120_000 + change(n),
      hour,
      partition,
      file,
      n,
    }),
  );
  return Buffer.from(all.map((line) => `${line}\n`).join(''));
}

function nameOf(hour: number, partition: number, file = 0): string {
  const folder = new Date(BEGIN + (hour - 8) * HOUR).toISOString(); // in Los Angeles, in winter
  const path = `${folder.slice(0, 10).replaceAll('-', '/')}/${folder.slice(11, 13)}`;
  const next = (hour * MANY + file + 1) * RECORDS;
  return `${path}/events.0.${partition}.${RECORDS}.${next}.${BEGIN + hour * HOUR}.json`;
}

function archive({ large = 2, changed = {} }: { large?: number; changed?: Record<string, Buffer> } = {}) {
  const files: Record<string, Buffer> = {};
  for (let hour = 0; hour < HOURS; hour += 1)
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      for (let file = 0; file < (hour === large ? MANY : 1); file += 1)
        files[nameOf(hour, partition, file)] = lines(hour, partition, file);
  return { ...files, ...changed };
}

const ALL = (HOURS - 1 + MANY) * PARTITIONS * RECORDS;

const INPUT = {
  archive: { dest: '/camus', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  output: { partitions: 'source' },
} as const;

/** Splits hold one file each, so each hour is a window of its own. */
async function open({
  files = archive(),
  input = {},
  tuning,
  ...options
}: MemoryReplayOptions = {}): Promise<MemoryReplay> {
  const own = { budget: BUDGET, ...options, tuning: { splitBytes: 3_000, ...tuning } };
  const replay = await MemoryReplay.open({ files, input: { ...INPUT, sort: 'auto', ...input }, ...own });
  await replay.claim();
  return replay;
}

/** Publishes all that is left; returns the windows that went through staging. */
async function publishAll(replay: MemoryReplay, records?: number): Promise<Set<number>> {
  const staged = new Set<number>();
  for (let slices = 0; slices < 1_000; slices += 1) {
    if (replay.staged !== undefined) staged.add(replay.staged.number);
    const slice = await replay.publish(records === undefined ? {} : { records }).catch((error: unknown) => {
      if (error instanceof JobError) throw error; // no attempt would do better
      return undefined;
    });
    if (slice?.done === true) return staged;
  }
  throw new Error('it never comes to an end');
}

/** A context that ends the slice after so many commits, as a pause does. */
function upTo(replay: MemoryReplay, commits: number): { signal: AbortSignal; cancelRequested: () => boolean } {
  const ending = new AbortController();
  let count = 0;
  replay.kafka.interruption = ({ call }, moment) => {
    if (call === 'commit' && moment === 'after' && (count += 1) === commits) ending.abort(new Error('paused'));
  };
  return { signal: ending.signal, cancelRequested: () => true };
}

/** Publishes until a window goes through staging. */
async function toStaging(replay: MemoryReplay, records = 50): Promise<void> {
  while (replay.staged === undefined) await replay.publish({ records });
}

async function asWhole(options: MemoryReplayOptions = {}): Promise<PublishedRecord[]> {
  const replay = await open({ ...options, input: { ...options.input, sort: 'whole' } });
  await publishAll(replay);
  return replay.published();
}

async function names(replay: MemoryReplay, folder = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of replay.worker.store.list(`${replay.job.staging}${folder}`)) found.push(path);
  return found.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
}

const whole = asWhole();

describe('a window that does not fit into memory', () => {
  it('goes through staging alone, and all is published as it would be as a whole', async () => {
    const replay = await open();
    expect(replay.input.listing.windows).toMatchObject({ count: HOURS, direct: HOURS - 1 });
    expect([...(await publishAll(replay))]).toEqual([2]);
    expect(await replay.published()).toEqual(await whole);
    expect(replay.input.catalogue).toMatchObject({ records: String(ALL), firstTime: String(BEGIN) });
    const { partitions } = await replay.verify();
    expect(partitions.map(({ records }) => records)).toEqual(
      Array.from({ length: PARTITIONS }, () => String(ALL / PARTITIONS)),
    );
  });

  it.each([0, HOURS - 1])('may be the first, or the last: window %i', async (large) => {
    const files = archive({ large });
    const replay = await open({ files });
    expect([...(await publishAll(replay, 50))]).toEqual([large]);
    expect(await replay.published()).toEqual(await asWhole({ files }));
    expect(replay.input.catalogue).toMatchObject({ records: String(ALL) });
    await replay.verify();
  });

  it('leaves nothing in staging when it is out', async () => {
    const replay = await open();
    await toStaging(replay);
    await replay.publish({ records: 50 });
    expect(await names(replay)).toContain('window-2');
    expect(await names(replay, '/window-2')).toContain('split-8');
    await publishAll(replay);
    expect(await names(replay)).not.toContain('window-2');
  });

  it.each([
    ['written', 25, 2],
    ['after', 25, 2],
    ['before', 40, 2],
    ['after', PARTITIONS * RECORDS, 2],
  ] as const)(
    'survives a publisher that dies %s its commits, with %i records in each',
    async (when, perTransaction, every) => {
      const replay = await open();
      let commits = 0;
      replay.kafka.interruption = ({ call }, moment) => {
        if (call === 'commit' && moment === when && (commits += 1) % every === 0) throw new Error('it dies');
      };
      await publishAll(replay, perTransaction);
      replay.kafka.interruption = undefined;
      expect(await replay.published()).toEqual(await whole);
      await replay.verify();
    },
  );

  it('is gone on with in its middle by a workflow that takes the job up, and in slices that end at once', async () => {
    const replay = await open({ tuning: { sliceMs: 0 } });
    await toStaging(replay);
    for (let slices = 0; slices < 2; slices += 1) await replay.publish({ records: 50 });
    await replay.takeUp();
    expect(replay.staged).toBeUndefined();
    expect([...(await publishAll(replay, 50))]).toEqual([2]);
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
  });

  it.each([0, 1, HOURS])(
    'is passed by a run that was reset to it when %i windows behind it are out',
    async (windows) => {
      const replay = await open({ tuning: { sliceMs: 0 } });
      await toStaging(replay);
      const window = replay.staged!;
      const until = (2 + MANY + windows) * PARTITIONS * RECORDS;
      for (let out = 0, done = false; !done && out < until;) {
        const slice = await replay.publish({ records: 20 });
        [out, done] = [Number(slice.published), slice.done];
      }
      replay.resetTo(window);
      await publishAll(replay, 50);
      expect(await replay.published()).toEqual(await whole);
      await replay.verify();
      expect(await names(replay)).not.toContain('window-2');
    },
  );

  it('is gone on with in memory by a worker that has more of it, and so are those behind it by another one', async () => {
    const replay = await open();
    await toStaging(replay);
    await replay.publish({ records: 50 }, upTo(replay, 2));
    replay.worker.deps.budget = new MemoryBudget(10 * BUDGET);
    await replay.takeUp();
    let commits = 0;
    replay.kafka.interruption = ({ call }, moment) => {
      if (call === 'commit' && moment === 'before' && (commits += 1) === 4) throw new Error('it dies, one window on');
    };
    await expect(replay.publish({ records: 50 })).rejects.toThrow('it dies');
    replay.kafka.interruption = undefined;
    expect((await replay.published()).length).toBeGreaterThanOrEqual((2 + MANY) * PARTITIONS * RECORDS);
    await replay.takeUp();
    expect([...(await publishAll(replay, 50))]).toEqual([]);
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
  });

  it('goes through staging where only its records tell that it is too large', async () => {
    const replay = await open();
    const { windows } = replay.input.listing;
    windows!.memoryPerByte /= 10;
    expect([...(await publishAll(replay, 50))]).toEqual([2]);
    expect(await replay.published()).toEqual(await whole);
  });

  it('is merged in passes where many of its files overlap', async () => {
    const replay = await open({ tuning: { mergeFanIn: 2 } });
    await toStaging(replay);
    await replay.publish({ records: 50 });
    expect(await names(replay, '/window-2')).toContain('merged-0-0');
    await publishAll(replay, 50);
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
  });

  it('is passed where none of its records is published', async () => {
    const to = new Date(BEGIN + 2 * HOUR).toISOString();
    const input = { to, archive: { ...INPUT.archive, readAllFiles: true } };
    const replay = await open({ input });
    expect([...(await publishAll(replay, 50))]).toEqual([2]);
    expect(await replay.published()).toEqual(await asWhole({ input }));
    expect(await replay.published()).toHaveLength(2 * PARTITIONS * RECORDS);
  });

  it('ends the job where it is to have windows alone, and is the whole where there is no other', async () => {
    await expect(open({ input: { sort: 'windows' } })).rejects.toMatchObject({ code: 'windows-unusable' });
    const one = Object.fromEntries(
      Object.entries(archive()).filter(([name]) => name.includes(String(BEGIN + 2 * HOUR))),
    );
    const { listing } = (await open({ files: one })).input;
    expect(listing.windows).toBeUndefined();
    expect(listing.remarks.join()).toContain("1 of 1 windows don't fit into memory");
  });

  it.each([
    ['early', -2 * HOUR],
    ['late', 2 * HOUR],
  ])('publishes none of its records where one is too %s', async (which, by) => {
    const changed = { [nameOf(2, 1, 3)]: lines(2, 1, 3, (n) => (n === 12 ? by : 0)) };
    const replay = await open({ files: archive({ changed }) });
    await toStaging(replay);
    await expect(publishAll(replay, 50)).rejects.toMatchObject({
      code: 'outside-window',
      facts: { late: which === 'late' },
    });
    expect(await replay.published()).toHaveLength(2 * PARTITIONS * RECORDS);
  });

  it('lets the job go on as a whole where one is too early, and behind all that is out', async () => {
    const changed = { [nameOf(2, 1, 3)]: lines(2, 1, 3, (n) => (n === 0 ? -60_000 : 0)) };
    const files = archive({ changed });
    const replay = await open({ files });
    await toStaging(replay);
    const refusal = await publishAll(replay, 50).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'outside-window', facts: { late: false, behind: true } });
    expect((refusal as JobError).message).toContain('Take the job up with sort "auto"');
    await replay.goOnAsWhole();
    await replay.publishAll(50);
    expect(await replay.published()).toEqual(await asWhole({ files }));
    await replay.verify();
  });

  it('says what is out where bad data ends the job in it, and goes on behind that without it', async () => {
    const text = lines(2, 1, 3).toString().split('\n');
    const files = archive({ changed: { [nameOf(2, 1, 3)]: Buffer.from(text.with(12, 'no').join('\n')) } });
    const replay = await open({ files });
    await toStaging(replay);
    const out = 2 * PARTITIONS * RECORDS;
    await expect(replay.publish()).rejects.toThrow(`${out} records that come before it are published`);
    const badData = { policy: 'skip', limitPercent: 50, limits: {} } as const;
    await replay.takeUp({ badData });
    expect([...(await publishAll(replay, 50))]).toEqual([2]);
    expect(await replay.published()).toEqual(await asWhole({ files, input: { badData } }));
    await replay.verify();
  });

  it('is judged with all before it, before anything of it is published', async () => {
    const large = HOURS - 1;
    const changed = { [nameOf(large, 1, 3)]: Buffer.from('no line of ours\n'.repeat(RECORDS)) };
    const input = { badData: { policy: 'skip', limitPercent: 1 } } as const;
    const replay = await open({ files: archive({ large, changed }), input });
    await toStaging(replay);
    const refusal = await publishAll(replay, 50).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'skip-limit' });
    const out = large * PARTITIONS * RECORDS;
    expect((refusal as JobError).message).toContain(
      `${out} records that come before it are published in events_REPLAY`,
    );
    expect(await replay.published()).toHaveLength(out);
  });
});

describe('counts of windows', () => {
  it('stay as few as are asked for, however many windows are out', async () => {
    const replay = await open({ tuning: { sliceMs: 0 } });
    let most = 0;
    for (let done = false; !done;) {
      ({ done } = await replay.publish({ records: 10 }));
      most = Math.max(most, (await names(replay, '/sorted')).length);
    }
    expect(most).toBeLessThanOrEqual(3);
    expect(await replay.published()).toEqual(await whole);
    await replay.verify();
  });
});
