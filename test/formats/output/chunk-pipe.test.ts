/** Proves that chunks come out as they went in, that a writer who heeds the promises fills no memory, and that an end of either side is known to the other. */
import { expect, it } from 'vitest';
import { ChunkPipe } from '../../../formats/output/chunk-pipe.ts';

const chunk = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill);

async function settled(promise: Promise<unknown> | undefined): Promise<boolean> {
  let done = false;
  void promise?.finally(() => (done = true));
  await new Promise(setImmediate);
  return done;
}

it('gives out what was written, in order, to the end', async () => {
  const pipe = new ChunkPipe();
  const read = (async () => {
    const lengths: number[] = [];
    for await (const { length } of pipe) lengths.push(length);
    return lengths;
  })();
  for (let length = 1; length < 50; length++) {
    void pipe.write(chunk(length));
    if (length % 7 === 0) await new Promise(setImmediate);
  }
  pipe.end();
  expect(await read).toEqual(Array.from({ length: 49 }, (_, i) => i + 1));
});

it('asks its writer to wait while more waits than it may hold', async () => {
  const pipe = new ChunkPipe(100);
  expect(pipe.write(chunk(100))).toBeUndefined();
  const room = pipe.write(chunk(1));
  expect(await settled(room)).toBe(false);
  await pipe[Symbol.asyncIterator]().next();
  expect(await settled(room)).toBe(true);
});

it('does not ask its writer to wait while there is room that it shares with others, and gives all of it back', async () => {
  const shared = { most: 100, used: 0 };
  const [one, other, third] = [new ChunkPipe(10, shared), new ChunkPipe(10, shared), new ChunkPipe(10, shared)];
  expect(one.write(chunk(50))).toBeUndefined();
  expect(other.write(chunk(40))).toBeUndefined();
  const room = one.write(chunk(20));
  expect(await settled(room)).toBe(false);
  expect(third.write(chunk(10))).toBeUndefined();
  expect(await settled(room)).toBe(false);
  await one[Symbol.asyncIterator]().next();
  expect(await settled(room)).toBe(true);
  other.fail(new Error('gone'));
  third.fail(new Error('gone'));
  await one[Symbol.asyncIterator]().next();
  expect(shared.used).toBe(0);
});

it('ends both sides with the error that it is told', async () => {
  const error = new Error('disk full');
  const pipe = new ChunkPipe(1);
  const room = pipe.write(chunk(2));
  pipe.fail(error);
  await expect(room).rejects.toBe(error);
  expect(() => pipe.write(chunk(1))).toThrow(error);
  await expect(pipe[Symbol.asyncIterator]().next()).rejects.toBe(error);
});

it('ends a reader that waits', async () => {
  const pipe = new ChunkPipe();
  const next = pipe[Symbol.asyncIterator]().next();
  pipe.fail(new Error('no longer wanted'));
  await expect(next).rejects.toThrow('no longer wanted');
});

it('tells its writer when the reader leaves before the end', async () => {
  const pipe = new ChunkPipe(1);
  const room = pipe.write(chunk(5));
  await pipe[Symbol.asyncIterator]().return?.();
  await expect(room).rejects.toThrow('its reader left before the end');
  expect(() => pipe.write(chunk(1))).toThrow('its reader left before the end');
});

it('refuses bytes behind the end', () => {
  const pipe = new ChunkPipe();
  pipe.end();
  expect(() => pipe.write(chunk(1))).toThrow('behind the end');
});
