// Camus beside a scheduled Rewind, or between two of its runs: what it has begun in EXEC since the newest execution tells of
// it, whoever wrote that one. What it placed is not archived twice, and nothing is decided while it goes on.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlannedArchive } from './planned-archive.ts';
import { DEST, EXEC } from './pulled-run.ts';

let archive: PlannedArchive;
let ours: string;

const later = (minutes: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
};
/** What Camus would call a run that begins now. */
const nameNow = (minutes = 0): string =>
  new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19).replace(/[T:]/g, '-');

beforeEach(async () => {
  archive = new PlannedArchive();
  await archive.topic('t', 0, 100);
  // The folder of a run that failed long ago is there still.
  await archive.camusRun('2014-11-03-10-10-00');
  later(60);
  ours = await archive.record('a/1', { start: 'latest' });
  later(60);
  await archive.append('t', 50);
});
afterEach(() => vi.useRealTimers());

/** Calls of `list` below a folder, from now on. */
function listed(folder: string): string[] {
  const paths: string[] = [];
  const list = archive.store.list.bind(archive.store);
  archive.store.list = (path, ...rest) => {
    if (path === folder || path.startsWith(`${folder}/`)) paths.push(path);
    return list(path, ...rest);
  };
  return paths;
}

it('costs a run beside no Camus one listing of EXEC, and none of DEST', async () => {
  const [inExec, inDest] = [listed(EXEC), listed(DEST)];
  await expect(archive.plan('b/2')).resolves.toMatchObject({ predecessor: ours, offsets: '50' });
  expect(inExec.filter((path) => path === EXEC)).toHaveLength(1);
  expect(inExec.filter((path) => path.includes('2014'))).toEqual([]);
  expect(inDest).toEqual([]);
});

describe('a run of Camus that failed behind an execution of Rewind', () => {
  let left: string;
  let failed: string;
  beforeEach(async () => {
    failed = await archive.camusRun(nameNow());
    left = await archive.file('t', 40, 140);
    later(11);
  });

  it('has left files beyond the offsets: an error, of the plan too', async () => {
    await expect(archive.plan('b/2')).rejects.toMatchObject({ code: 'archive-leftovers', facts: { examples: [left] } });
    expect(await archive.describe()).toMatchObject({ ready: false, leftovers: { files: 1, examples: [left] } });
  });

  it('has its files moved where the job says so', async () => {
    const { remarks } = await archive.plan('b/2', { leftovers: 'quarantine' });
    expect(remarks[0]).toContain(`${DEST}/.rewind/leftovers/${ours}`);
    expect(await archive.below(`${DEST}/t`)).toEqual([]);
  });

  it('is looked for until a run is recorded behind it, and no longer', async () => {
    await archive.record('b/2', { leftovers: 'ignore' });
    later(11);
    const inDest = listed(DEST);
    await archive.plan('c/3');
    expect(inDest).toEqual([]);
  });

  it('is nobody where a decision is in place: what that placed is no leftover', async () => {
    await archive.store.delete(left);
    await archive.plan('b/2');
    await archive.decide('b/2');
    await archive.file('t', 40, 140);
    await expect(archive.plan('c/3', { leftovers: 'quarantine' })).resolves.toMatchObject({ predecessor: ours });
    expect(await archive.below(`${DEST}/t`)).toEqual([left]);
    expect(await archive.describe()).toMatchObject({ leftovers: { files: 0 } });
  });

  it('moves nothing once another run has decided, whose files are found', async () => {
    await archive.store.delete(left);
    const list = archive.store.list.bind(archive.store);
    archive.store.list = async function* (path, ...rest) {
      if (path === `${DEST}/t/hourly`) {
        archive.store.list = list;
        // Somebody has moved the folder of Camus away: this run looks for nothing, and leaves no list.
        await archive.store.delete(failed, { recursive: true });
        await archive.plan('b/2');
        await archive.decide('b/2');
        await archive.file('t', 40, 140);
      }
      yield* list(path, ...rest);
    };
    await archive.store.makeDirectory(`${DEST}/t/hourly`);
    await expect(archive.plan('c/3', { leftovers: 'quarantine' })).rejects.toMatchObject({ code: 'archive-overtaken' });
    expect(await archive.below(`${DEST}/t`)).toEqual([left]);
  });
});

it('leaves alone what was there before the newest execution: of an earlier life of the topic', async () => {
  vi.useRealTimers();
  archive = new PlannedArchive();
  await archive.topic('t', 0, 100);
  const old = await archive.file('t', 40, 140);
  later(60);
  await archive.record('a/1', { start: 'latest', leftovers: 'ignore' });
  await archive.append('t', 50);
  later(60);
  await archive.camusRun(nameNow());
  later(11);
  await archive.plan('b/2', { leftovers: 'quarantine' });
  expect(await archive.below(`${DEST}/t`)).toEqual([old]);
});

it('looks for no files where there is nothing to archive, and so nothing to record: the run that has something does', async () => {
  vi.useRealTimers();
  archive = new PlannedArchive();
  await archive.topic('t', 0, 100);
  await archive.record('a/1', { start: 'latest' });
  later(60);
  await archive.camusRun(nameNow());
  await archive.file('t', 40, 140);
  later(11);
  const inDest = listed(DEST);
  await expect(archive.plan('b/2')).resolves.toMatchObject({ nothingNew: true });
  expect(inDest).toEqual([]);
  await archive.append('t', 50);
  await expect(archive.plan('c/3')).rejects.toMatchObject({ code: 'archive-leftovers' });
});

it('takes a run that was made behind the newest execution for one, whatever its clock says', async () => {
  await archive.camusRun(nameNow(-90));
  await archive.file('t', 40, 140);
  later(11);
  await expect(archive.plan('b/2')).rejects.toMatchObject({ code: 'archive-leftovers' });
});

it('sees a Camus whose executions are beside a HISTORY that is elsewhere', async () => {
  const input = { exec: '/other', history: '/camus/base/history' };
  await archive.record('b/2', { ...input, start: 'latest', leftovers: 'ignore' });
  await archive.camusRun(nameNow(1), '/camus/base');
  await expect(archive.plan('c/3', input)).rejects.toMatchObject({
    code: 'archive-running',
    facts: { folder: '/camus/base' },
  });
});

describe('a run of Camus that goes on', () => {
  it('keeps a run from beginning, and is told by the plan', async () => {
    const folder = await archive.camusRun(nameNow());
    await expect(archive.plan('b/2')).rejects.toMatchObject({
      code: 'archive-running',
      message: expect.stringContaining(folder) as string,
    });
    expect((await archive.describe()).remarks.join()).toContain(`${folder} has changed at`);
  });

  it('does so as well where it began before the newest execution', async () => {
    const folder = await archive.camusRun(nameNow());
    later(11);
    await archive.record('b/2', { start: 'latest', leftovers: 'ignore' });
    later(30);
    await expect(archive.plan('c/3')).resolves.toBeDefined();
    await archive.store.write(`${folder}/_temporary/0/task/more`, [Buffer.from('x')]);
    await expect(archive.plan('d/4')).rejects.toMatchObject({ code: 'archive-running', facts: { path: folder } });
  });

  it('keeps a run that was planned before it from deciding', async () => {
    await archive.plan('b/2');
    const folder = await archive.camusRun(nameNow());
    // It has failed since, long ago.
    later(120);
    await expect(archive.decide('b/2')).rejects.toMatchObject({
      code: 'archive-running',
      message: expect.stringMatching(
        new RegExp(`${folder} has changed at .*since this run was planned.*Nothing was decided`),
      ) as string,
    });
    expect(await archive.below(`${EXEC}/.rewind/decisions`)).toHaveLength(2); // those of the first run
  });

  it('is not one that failed before the run was planned', async () => {
    await archive.camusRun(nameNow());
    later(11);
    await archive.plan('b/2');
    await expect(archive.decide('b/2')).resolves.toBeDefined();
  });

  it('is one that has a file open, however long ago it began to write it', async () => {
    const folder = `${EXEC}/${nameNow()}`;
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const chunks = (async function* () {
      await closed;
      yield Buffer.from('x');
    })();
    const writing = archive.store.write(`${folder}/_temporary/0/task/data`, chunks);
    await vi.waitFor(async () =>
      expect(await archive.store.isBeingWritten(`${folder}/_temporary/0/task/data`)).toBe(true),
    );
    later(30);
    await expect(archive.plan('b/2')).rejects.toMatchObject({
      code: 'archive-running',
      message: expect.stringContaining('task/data is open for writing') as string,
    });
    close();
    await writing;
    later(11);
    await expect(archive.plan('b/2')).resolves.toBeDefined();
  });

  it('is asked for in the newest files, of which there may be any number', async () => {
    const folder = await archive.camusRun(nameNow());
    for (let n = 0; n < 300; n++) await archive.store.write(`${folder}/old/${n}`, []);
    later(1);
    await archive.store.write(`${folder}/young/0`, []);
    later(11);
    const asked: string[] = [];
    const isBeingWritten = archive.store.isBeingWritten.bind(archive.store);
    archive.store.isBeingWritten = (path) => {
      asked.push(path);
      return isBeingWritten(path);
    };
    await archive.plan('b/2');
    expect(asked).toHaveLength(100);
    expect(asked[0]).toBe(`${folder}/young/0`);
    // A server that tells it of none is asked of no more than a few.
    asked.length = 0;
    archive.store.isBeingWritten = async (path) => void asked.push(path);
    await archive.plan('c/3');
    expect(asked.length).toBeLessThan(40);
  });
});
