// What a function of the user's own can do to the thread that runs it: it is told as the function's fault, another thread
// takes its place, and the worker lives on.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseHdfsConfig } from '../../../connections/hdfs/config.ts';
import { ThreadedRanger } from '../../../activities/ranges/run/threaded-ranger.ts';
import type { FinishTask } from '../../../activities/ranges/run/range-task.ts';

const MODULE = `
const forever = () => new Promise(() => undefined);
export const finish = {
  fine: async () => 'fine',
  strays: async () => { Promise.reject(new Error('a promise that nobody awaits')); await forever(); },
  straysLater: async () => { setTimeout(() => { throw new Error('behind its end'); }, 300); return 'done'; },
  exits: async () => { process.exit(3); },
  loops: async () => { for (;;); },
  beats: async (_, { heartbeat }) => { for (let n = 0; n < 30; n += 1) { heartbeat(); await new Promise((go) => setTimeout(go, 100)); } return 'beaten'; },
  patient: async (_, { signal }) => { await new Promise((_, end) => signal.addEventListener('abort', () => end(signal.reason))); },
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
afterEach(() => ranger.close());

function open(stillMs: number): ThreadedRanger {
  const hdfs = { default: parseHdfsConfig({ urls: ['http://127.0.0.1:1'], user: 'test' }, 'test') };
  const entry = new URL('../../../dist/activities/ranges/run/range-in-thread.js', import.meta.url).href;
  return (ranger = new ThreadedRanger({ threads: 1, stillMs, hdfs, kafka: {}, registry: {}, entry }));
}

function finish(name: string, signal = new AbortController().signal): Promise<string> {
  const job = { id: 'w/r', finish: name, connections: { hdfs: 'default' }, inputs: [] };
  const task = { job, ranges: [], functionsPath, attempt: 1 } as unknown as Omit<FinishTask, 'hdfs'>;
  return ranger.finish(task, { signal, progress: () => undefined });
}

it.each([
  ['strays', 'the function finish.strays ended its thread: a promise that nobody awaits'],
  ['exits', 'the function finish.exits ended its thread: worker exited with code: 3'],
])('%s', async (name, message) => {
  open(60_000);
  await expect(finish(name)).rejects.toMatchObject({
    name: 'FunctionFailed',
    message: expect.stringContaining(message) as string,
  });
  expect(await finish('fine')).toBe('"fine"');
});

it('lives on where a function that has returned throws later', async () => {
  open(60_000);
  expect(await finish('straysLater')).toBe('"done"');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await finish('fine')).toBe('"fine"');
});

it('ends a thread whose function stands still, and none whose function says that it moves', async () => {
  open(1500);
  await expect(finish('loops')).rejects.toMatchObject({
    name: 'FunctionFailed',
    message: expect.stringContaining('finish.loops has stood still for 2 seconds') as string,
  });
  expect(await finish('beats')).toBe('"beaten"');
});

it('tells a function to end with the attempt', async () => {
  open(60_000);
  expect(await finish('fine')).toBe('"fine"');
  const stop = new AbortController();
  const waiting = finish('patient', stop.signal);
  setTimeout(() => stop.abort(new Error('cancelled')), 300);
  await expect(waiting).rejects.toThrow();
});
