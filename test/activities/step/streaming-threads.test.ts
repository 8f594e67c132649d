// Threads that stream records give their memory back once there is nothing to do, and others take their place.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { StreamingThreads } from '../../../activities/step/streaming-threads.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-threads-'));
const module = join(folder, 'hold.mjs');
// A port that a thread holds is closed when the thread ends.
writeFileSync(
  module,
  `import { threadId } from 'node:worker_threads';
const held = [];
export default (port) => { held.push(port); return { threadId, held: held.length }; };
export const soon = async () => { await new Promise((resolve) => setTimeout(resolve, 50)); return threadId; };
export const fail = () => { throw new Error('no'); };
const later = (thrown) => new Promise(() => setImmediate(() => { throw thrown; }));
export const failsLater = () => later(null);
export const failsWithout = () => later(undefined);`,
);
const threads = new StreamingThreads({ filename: pathToFileURL(module).href, threads: 1 });
afterAll(async () => {
  await threads.close();
  rmSync(folder, { recursive: true, force: true });
});

async function hold(): Promise<{ told: unknown; ended: Promise<unknown> }> {
  const { port1, port2 } = new MessageChannel();
  const ended = once(port1, 'close');
  return { told: await threads.run(port2, { transferList: [port2] }), ended };
}

it('ends a thread that has nothing to do, and starts another one', async () => {
  const first = await hold();
  const second = await hold();
  expect(second.told).toMatchObject({ held: 2 });
  await Promise.all([first.ended, second.ended]);
  expect((await hold()).told).toMatchObject({ held: 1 });
}, 60_000);

it('ends it at once where that is asked for, unless it has a task', async () => {
  const threadOf = async (): Promise<number> => ((await hold()).told as { threadId: number }).threadId;
  const first = await threadOf();
  const busy = threads.run(undefined, { name: 'soon' });
  await threads.rest();
  expect(await busy).toBe(first);
  expect(await threadOf()).toBe(first);
  await threads.rest();
  expect(await threadOf()).not.toBe(first);
});

it('ends it after a task that failed, too', async () => {
  const { ended } = await hold();
  await expect(threads.run(undefined, { name: 'fail' })).rejects.toThrow('no');
  await ended;
}, 60_000);

it.each([
  ['failsLater', 'null'],
  ['failsWithout', 'undefined'],
])('tells what is thrown beside a task as an error, whatever it is: %s', async (name, words) => {
  await expect(threads.run(undefined, { name })).rejects.toThrow(`nobody waited for: ${words}`);
  expect((await hold()).told).toMatchObject({ held: 1 });
});

it('tells each that asks of a module that can not start, and ends no process', async () => {
  const broken = join(folder, 'broken.mjs');
  writeFileSync(broken, `throw new Error('it is broken');`);
  const strays: string[] = [];
  const failing = new StreamingThreads({
    filename: pathToFileURL(broken).href,
    threads: 2,
    strayed: (message) => strays.push(message),
  });
  const one = failing.run({});
  await expect(one).rejects.toThrow();
  await expect(failing.run({})).rejects.toThrow();
  await expect(Promise.allSettled([failing.run({}), failing.run({}), failing.run({})])).resolves.toHaveLength(3);
  await expect.poll(() => strays.join()).toContain('it is broken');
  await failing.close();
}, 60_000);
