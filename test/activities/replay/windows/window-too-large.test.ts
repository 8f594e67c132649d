// Proves that a window which takes more than the sample made expect has all of the worker's memory before it is too large:
// else no worker, whatever its memory, could ever take the job up.
import { expect, it, vi } from 'vitest';
import type * as WindowRoomModule from '../../../../activities/replay/windows/window-room.ts';
import { MemoryReplay } from '../../../support/kafka/memory-replay.ts';

const wants: number[] = [];

vi.mock('../../../../activities/replay/windows/window-room.ts', async (original) => {
  const module = await original<typeof WindowRoomModule>();
  const windowRoom: typeof module.windowRoom = (budget, tuning, wanted = Infinity) => {
    wants.push(wanted);
    // As if the sample had suggested far less.
    return module.windowRoom(budget, tuning, wanted / 100_000);
  };
  return { ...module, windowRoom };
});

const BEGIN = Date.UTC(2014, 10, 2, 17);

it('gives all memory to a window that takes more than was expected', async () => {
  const lines = Array.from({ length: 200 }, (_, n) => `${JSON.stringify({ timestamp: BEGIN + n, n })}\n`);
  const files = { [`2014/11/02/09/events.0.0.200.200.${BEGIN}.json`]: Buffer.from(lines.join('')) };
  const time = { field: 'timestamp', format: 'unix_milliseconds' } as const;
  const input = { archive: { dest: '/camus', format: 'text' }, time, sort: 'windows' } as const;
  const replay = await MemoryReplay.open({ files, input });
  await replay.claim();
  wants.length = 0;
  expect(await replay.publish()).toMatchObject({ done: true, records: 200 });
  // What was expected, what there is, and that.
  expect(wants.map((wanted) => wanted === Infinity)).toEqual([false, true, true]);
});
