// What a function of the user's own can do to the thread that runs it: it is told as the function's fault, another thread
// takes its place, and the worker lives on.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import { ThreadedRanger } from '../../../activities/ranges/run/threaded-ranger.ts';
import type { FinishTask, FunctionFault } from '../../../activities/ranges/run/range-task.ts';

const MODULE = `
const forever = () => new Promise(() => undefined);
export const finish = {
  fine: async () => 'fine',
  leaves: async () => { Promise.reject(new Error('a write that nobody awaits')); return 'done'; },
  strays: async () => { Promise.reject(new Error('a promise that nobody awaits')); await forever(); },
  straysLater: async () => { setTimeout(() => { throw new Error('behind its end'); }, 300); return 'done'; },
  straysWithNull: async () => { setTimeout(() => { throw null; }, 100); await forever(); },
  straysLaterWithNull: async () => { setTimeout(() => { throw null; }, 300); return 'done'; },
  straysLaterWithMuch: async () => { setTimeout(() => { throw 'x'.repeat(3_000_000); }, 300); return 'done'; },
  shouts: async () => { throw new Error('x'.repeat(3_000_000), { cause: new Error('far too much') }); },
  exits: async () => { process.exit(3); },
  loops: async () => { for (;;); },
  beats: async (_, { heartbeat }) => { for (let n = 0; n < 50; n += 1) { heartbeat(); await new Promise((go) => setTimeout(go, 100)); } return 'beaten'; },
  deaf: forever,
  patient: (_, { signal }) => new Promise((_, end) => {
    if (signal.aborted) end(signal.reason);
    signal.addEventListener('abort', () => end(signal.reason));
  }),
};`;

let folder: string;
let functionsPath: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rewind-threads-'));
  functionsPath = join(folder, `functions-${randomBytes(4).toString('hex')}.mjs`);
  writeFileSync(functionsPath, MODULE);
});
afterAll(() => rmSync(folder, { recursive: true }));

let ranger: ThreadedRanger;
/** What was told of functions that had returned. */
let strayed: string[];
afterEach(() => ranger.close());

function open(stillMs: number, graceMs?: number): ThreadedRanger {
  strayed = [];
  const options = { threads: 1, stillMs, graceMs, strayed: ({ message }: FunctionFault) => void strayed.push(message) };
  const hdfs = { default: parseHdfsConfig({ urls: ['http://127.0.0.1:1'], user: 'test' }, 'test') };
  const entry = new URL('../../../dist/activities/ranges/run/range-in-thread.js', import.meta.url).href;
  return (ranger = new ThreadedRanger({ ...options, hdfs, kafka: {}, registry: {}, entry }));
}

function finish(
  name: string,
  signal = new AbortController().signal,
  progress: (told: object) => void = () => undefined,
): Promise<string> {
  const job = { id: 'w/r', finish: name, connections: { hdfs: 'default' }, inputs: [] };
  const task = { job, ranges: [], functionsPath, attempt: 1 } as unknown as Omit<FinishTask, 'hdfs'>;
  return ranger.finish(task, { signal, progress });
}

it.each([
  ['leaves', 'the function finish.leaves ended its thread: a write that nobody awaits'],
  ['strays', 'the function finish.strays ended its thread: a promise that nobody awaits'],
  ['straysWithNull', 'the function finish.straysWithNull ended its thread: it threw null'],
  ['shouts', 'the function finish.shouts threw after 0 of 0 summaries: xxx'],
  ['exits', 'the function finish.exits ended its thread: worker exited with code: 3'],
])('%s', async (name, message) => {
  open(60_000);
  await expect(finish(name)).rejects.toMatchObject({
    name: 'FunctionFailed',
    message: expect.stringContaining(message) as string,
  });
  expect(await finish('fine')).toBe('"fine"');
});

it.each([
  ['straysLater', /^behind its end$/],
  ['straysLaterWithNull', /^null$/],
  ['straysLaterWithMuch', /^x{2000} \.\.\. /],
])('lives on where a function that has returned throws later: %s', async (name, message) => {
  open(60_000);
  expect(await finish(name)).toBe('"done"');
  // It is told, and the thread has ended.
  await expect.poll(() => strayed, { timeout: 60_000 }).toEqual([expect.stringMatching(message)]);
  expect(await finish('fine')).toBe('"fine"');
});

it('ends a thread whose function stands still, and none whose function says that it moves', async () => {
  open(3000);
  await expect(finish('loops')).rejects.toMatchObject({
    name: 'FunctionFailed',
    message: expect.stringContaining('finish.loops has stood still for 3 seconds') as string,
  });
  expect(await finish('beats')).toBe('"beaten"');
});

/** Aborts when the function has been called. */
async function cancelled(name: string): Promise<unknown> {
  const stop = new AbortController();
  const begun = (told: object): void => {
    if (!('waitsFor' in told)) stop.abort(new Error('cancelled'));
  };
  return finish(name, stop.signal, begun).catch((error: unknown) => error);
}

it('tells a function to end with the attempt', async () => {
  // Longer than the test: it ends by itself.
  open(1e9, 1e9);
  expect(await finish('fine')).toBe('"fine"');
  expect(await cancelled('patient')).toMatchObject({ message: 'the attempt was ended' });
  expect(await finish('fine')).toBe('"fine"');
});

it.each(['deaf', 'loops'])('ends the thread of a function that does not end with the attempt: %s', async (name) => {
  open(1e9, 100);
  expect(await finish('fine')).toBe('"fine"');
  expect(await cancelled(name)).toMatchObject({ message: 'cancelled' });
  // There is one thread, and it is free again.
  expect(await finish('fine')).toBe('"fine"');
});
