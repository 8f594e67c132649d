// The history is a chain: of all runs, attempts and workers that slept which would follow the same execution, one wins;
// what is decided is finished by whoever comes next, and what isn't leaves no trace.
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFolders, runFolder } from '../../../activities/archive/archive-folders.ts';
import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { parseArchiveInput } from '../../../activities/archive/job/parse-archive-input.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { recoverArchive } from '../../../activities/archive/recover-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import { sealedLines } from '../../../activities/step/sealed-lines.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';

const DEST = '/dest';
const EXEC = '/exec';
const HISTORY = '/exec/history';
const context = stepContext();

let store: MemoryFileStore;
let deps: Dependencies;

beforeEach(() => {
  store = new MemoryFileStore();
  deps = { hdfs: () => store } as unknown as Dependencies;
});

function jobOf(id: string): ArchiveJob {
  const { plan: _plan, history: _history, ...rest } = parseArchiveInput({ dest: DEST, exec: EXEC, value: 'json' });
  return {
    ...rest,
    id,
    topic: '*',
    history: HISTORY,
    staging: runFolder(DEST, EXEC, id),
    scheduledAt: 0,
    searchAttributes: [],
    tuning: { heartbeatTimeoutMs: 1000 },
  };
}

interface Pulled {
  from: number;
  to: number;
  /** How far the range came. @default to */
  next?: number;
  /** Records that its counts tell. @default no counts */
  counted?: number;
}

/** Leaves what a run has left when its pulls are done: a plan, a file and a report for each range. */
async function pulledRun(
  id: string,
  predecessor: string | undefined,
  execution: string,
  ranges: (Pulled | { from: number; to: number; lost: true })[],
): Promise<ArchiveJob> {
  const job = jobOf(id);
  const folders = new ArchiveFolders(job);
  const first = ranges[0]!.from;
  const end = ranges.at(-1)!.to;
  await store.write(
    folders.plan,
    sealedLines([
      {
        kind: 'head',
        version: 1,
        job: id,
        ...(predecessor !== undefined && { predecessor }),
        execution,
        plannedAt: 0,
        horizon: 1e15,
        remarks: [],
        moreRemarks: 0,
      },
      {
        kind: 'partition',
        topic: 't',
        partition: 0,
        leader: '1',
        start: String(first),
        to: String(end),
        stable: String(end),
        latest: String(end),
        missing: [],
      },
      ...ranges.map(({ from, to }, pull) => ({
        kind: 'pull',
        pull,
        ranges: [{ topic: 't', partition: 0, leader: '1', from: String(from), to: String(to), bytes: 1 }],
      })),
    ]),
  );
  for (const [pull, range] of ranges.entries()) {
    if ('lost' in range) continue;
    const { from, to, next = to, counted } = range;
    const path = `${folders.attempt(pull, 'a')}/0`;
    await store.write(path, [Buffer.from(`${id} ${from}`)]);
    const length = (await store.status(path))!.length;
    const counts = { topic: 't', partition: 0, records: next - from };
    await store.write(
      folders.report(pull),
      sealedLines([
        { kind: 'head', version: 1, pull, seconds: 1 },
        { kind: 'range', ...counts, from: String(from), to: String(to), next: String(next), bytes: 10, left: {} },
        {
          kind: 'file',
          ...counts,
          path,
          target: `${DEST}/t/hourly/2026/11/28/10/t.1.0.${next - from}.${next}.0`,
          length,
          crc32c: 0,
          first: String(from),
          next: String(next),
        },
        ...(counted === undefined ? [] : [countsLine(from, counted)]),
      ]),
    );
  }
  return job;
}

/** Counts of a range: each of two services made its half. */
function countsLine(from: number, records: number): object {
  const count = records / 2;
  const counts = ['one', 'two'].map((service) => ({ start: 0, server: 'app', service, count }));
  const times = { startTime: 100 + from, endTime: 200 + from, firstTimestamp: from, lastTimestamp: from + 5 };
  return {
    kind: 'counts',
    topic: 't',
    partition: 0,
    from: String(from),
    counts: { topic: 't', granularity: 600_000, counts, ...times },
  };
}

const decide = (job: ArchiveJob) => decideArchive(deps)({ job }, context);
const place = (job: ArchiveJob) => placeArchive(deps)({ job }, context);
const tidy = (job: ArchiveJob) => tidyArchive(deps)({ job }, context);

async function below(folder: string): Promise<string[]> {
  const found: string[] = [];
  if ((await store.status(folder)) === undefined) return found;
  for await (const { path, kind } of store.list(folder))
    found.push(...(kind === 'directory' ? await below(path) : [path]));
  return found;
}
const data = (): Promise<string[]> => below(`${DEST}/t`);
const content = async (path: string): Promise<string> =>
  Buffer.from(await store.read(path, 0, (await store.status(path))!.length)).toString();
const nextOf = async (execution: string): Promise<bigint | undefined> =>
  (await readStoredOffsets(store, `${HISTORY}/${execution}`, context.signal)).get('t-0')?.next;

const E1 = '2026-11-28-10-00-00';
const E2 = '2026-11-28-11-00-00';
const E3 = '2026-11-28-12-00-00';

describe('a run', () => {
  it('places its files and records where the next one goes on', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '10', execution: E1 });
    await place(job);
    await tidy(job);
    expect(await data()).toEqual([`${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0`]);
    expect(await nextOf(E1)).toBe(10n);
    expect(await below(`${DEST}/.rewind`)).toEqual([]);
  });

  it.each(['decide', 'place', 'tidy'] as const)('is the same where %s is done again, and again', async (step) => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    for (const [name, run] of Object.entries({ decide, place, tidy })) {
      await run(job);
      if (name === step) await run(job);
    }
    expect(await data()).toHaveLength(1);
    expect(await nextOf(E1)).toBe(10n);
  });

  it('takes the ranges up to the first that is missing, and leaves the rest to the next run', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20, lost: true },
      { from: 20, to: 30 },
    ]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '10', offsetsLeft: '20' });
    await place(job);
    expect(await nextOf(E1)).toBe(10n);
    expect(await data()).toHaveLength(1);
  });

  it('takes a range that was cut, and nothing behind it', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10, next: 4 },
      { from: 10, to: 20 },
    ]);
    expect(await decide(job)).toMatchObject({ files: 1, records: '4' });
    await place(job);
    expect(await nextOf(E1)).toBe(4n);
  });

  it('decides nothing where a file is not as long as its writer said', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const path = `${new ArchiveFolders(job).attempt(0, 'a')}/0`;
    await store.write(path, [Buffer.from('shor')], { overwrite: true });
    await expect(decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining(path) as string,
    });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('writes the counts of what it archived with its execution, one object a topic', async () => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10, counted: 10 },
      { from: 10, to: 20, next: 14, counted: 4 },
      { from: 20, to: 30, counted: 10 },
    ]);
    await decide(job);
    await place(job);
    const count = 7;
    expect(JSON.parse(await content(`${HISTORY}/${E1}/counts.m-00000`))).toEqual([
      {
        topic: 't',
        granularity: 600_000,
        counts: {
          '{app,one,0}': { start: 0, server: 'app', service: 'one', count },
          '{app,two,0}': { start: 0, server: 'app', service: 'two', count },
        },
        startTime: 100,
        endTime: 210,
        firstTimestamp: 0,
        lastTimestamp: 15,
        errorCount: 0,
      },
    ]);
  });

  it('decides nothing where its counts are not those of its ranges', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10, counted: 8 }]);
    await expect(decide(job)).rejects.toMatchObject({
      code: 'archive-file-damaged',
      message: expect.stringContaining('hold 10 records, its counts 8') as string,
    });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
  });

  it('leaves out a topic whose folder may not be written to, and says so', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    store.readOnly.add(`${DEST}/t/hourly/2026/11/28/10`);
    const decided = await decide(job);
    expect(decided).toMatchObject({ files: 0, offsetsLeft: '10' });
    expect(decided.problems).toMatchObject([{ topic: 't', message: expect.stringContaining('no right') as string }]);
    await place(job);
    expect(await nextOf(E1)).toBe(0n);
  });
});

describe('a file whose name is taken', () => {
  const name = (more = ''): string => `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.10.0${more}`;

  it('gets another one: a topic that was made anew has the same counts and offsets again', async () => {
    await store.write(name(), [Buffer.from('of another life')]);
    await store.write(name('.again1'), [Buffer.from('of yet another')]);
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    await place(job);
    expect(await data()).toEqual([name(), name('.again1'), name('.again2')]);
    expect(await content(name())).toBe('of another life');
    expect(await content(name('.again2'))).toBe('a/1 0');
    // A later attempt finds the names that were decided.
    await place(job);
    expect(await data()).toHaveLength(3);
  });
});

describe('of runs that would follow the same execution', () => {
  it('one wins, whatever they believe', async () => {
    const jobs = await Promise.all(
      ['a/1', 'b/2', 'c/3'].map((id) => pulledRun(id, undefined, E1, [{ from: 0, to: 10 }])),
    );
    const results = await Promise.allSettled(jobs.map(decide));
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'archive-overtaken' });
    await place(jobs[won]!);
    const [file] = await data();
    expect(await content(file!)).toBe(`${jobs[won]!.id} 0`);
    expect(await data()).toHaveLength(1);
  });

  it('one that slept until the other was recorded is refused, even where the decision was pruned', async () => {
    const late = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    const fast = await pulledRun('b/2', undefined, E2, [{ from: 0, to: 10 }]);
    await decide(fast);
    await place(fast);
    await expect(decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    await store.delete(`${EXEC}/.rewind`, { recursive: true });
    await expect(decide(late)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await below(`${EXEC}/.rewind`)).toEqual([]);
    expect(await data()).toHaveLength(1);
  });

  it('none places anything once Camus has recorded a newer execution', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(job);
    await store.makeDirectory(`${HISTORY}/${E2}`);
    await expect(place(job)).rejects.toMatchObject({
      code: 'archive-overtaken',
      message: expect.stringContaining('void') as string,
    });
    expect(await data()).toEqual([]);
  });
});

describe('a run that died', () => {
  const recover = (id: string, running: string[] = []) =>
    recoverArchive(deps)(
      { job: jobOf(id) },
      stepContext({
        temporal: {
          isRunning: async ({ workflowId, runId }) => running.includes(`${workflowId}/${runId}`),
          keywordAttributes: async () => [],
        },
      }),
    );

  it('before its decision is thrown away without a trace', async () => {
    await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await recover('b/2')).toMatchObject({ discarded: 1 });
    expect([...(await data()), ...(await below(`${DEST}/.rewind`)), ...(await below(HISTORY))]).toEqual([]);
  });

  it('in the middle of putting something in place leaves nothing that stays', async () => {
    const building = `${EXEC}/.rewind/building/${E1}-0b1c`;
    for (const path of ['claims/.1-0b1c', 'decisions/.none.jsonl.0b1c', 'decisions/.none.recorded.0b1c'])
      await store.write(`${EXEC}/.rewind/${path}`, [Buffer.from('half')]);
    await store.write(`${building}/offsets-m-00000`, [Buffer.from('half')]);
    await recover('b/2');
    expect(await below(`${EXEC}/.rewind`)).toEqual([`${EXEC}/.rewind/claims/1.json`]);
    expect(await store.status(building)).toBeUndefined();
  });

  it('is left alone while it goes on', async () => {
    const job = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    expect(await recover('b/2', ['a/1'])).toMatchObject({ discarded: 0 });
    expect(await decide(job)).toMatchObject({ files: 1 });
  });

  it.each([0, 1, 2])('behind its decision, after %i renames, is finished by the next run', async (renames) => {
    const job = await pulledRun('a/1', undefined, E1, [
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    await decide(job);
    for (const pull of [0, 1].slice(0, renames)) {
      const next = (pull + 1) * 10;
      await store.makeDirectory(`${DEST}/t/hourly/2026/11/28/10`);
      await store.rename(
        `${new ArchiveFolders(job).attempt(pull, 'a')}/0`,
        `${DEST}/t/hourly/2026/11/28/10/t.1.0.10.${next}.0`,
      );
    }
    expect(await recover('b/2')).toMatchObject({ finished: E1, discarded: 1 });
    expect(await data()).toHaveLength(2);
    expect(await nextOf(E1)).toBe(20n);
    // The attempt that slept finds everything done.
    expect(await below(`${DEST}/.rewind`)).toEqual([]);
    await expect(place(job)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await data()).toHaveLength(2);
  });

  it('is not begun anew where its execution was moved out of the history', async () => {
    const first = await pulledRun('a/1', undefined, E1, [{ from: 0, to: 10 }]);
    await decide(first);
    await place(first);
    const second = await pulledRun('b/2', E1, E2, [{ from: 10, to: 20 }]);
    await decide(second);
    await place(second);
    await store.delete(`${HISTORY}/${E2}`, { recursive: true });
    await expect(recover('c/3')).rejects.toMatchObject({ code: 'history-rewound' });
    const third = await pulledRun('c/3', E1, E3, [{ from: 10, to: 20 }]);
    await expect(decide(third)).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await data()).toHaveLength(2);
  });
});
