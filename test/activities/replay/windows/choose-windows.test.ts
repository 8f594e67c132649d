// A window fits where its records do and the names of its files: a million files of a few bytes are more than their bytes.
import { expect, it } from 'vitest';
import { chooseWindows } from '../../../../activities/replay/windows/choose-windows.ts';
import type { PlannedWindow } from '../../../../activities/replay/windows/window-planner.ts';
import { replayJob } from '../../../support/replay-job.ts';

const ROOM = 100 * 1024 * 1024;
const window = (bytes: number, files: number): PlannedWindow => {
  const span = { from: -Infinity, to: Infinity };
  return { number: 0, firstSplit: 0, endSplit: 1, bytes, files, ...span };
};
const choose = (planned: PlannedWindow) => chooseWindows(replayJob({ sort: 'auto' }), [planned], [], ROOM);

it.each([
  ['few files', window(10 * 1024 * 1024, 1_000), true],
  ['files of more bytes than fit', window(50 * 1024 * 1024, 1_000), false],
  ['more files than fit, of a few bytes each', window(10 * 1024 * 1024, 1_000_000), false],
] as const)('a window of %s', (_, planned, fits) => {
  const { windows, why, fitting, largest } = choose(planned);
  expect([windows !== undefined, why === undefined, fitting]).toEqual([fits, fits, fits ? 1 : 0]);
  expect(largest.memory > ROOM).toBe(!fits);
});
