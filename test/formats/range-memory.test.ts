import { expect, it } from 'vitest';
import { RangeMemory } from '../../formats/range-memory.ts';

const MEBIBYTE = 1024 * 1024;

it('gives the smallest piece that is large enough, and a new one where there is none', () => {
  const memory = new RangeMemory();
  const pieces = [1, 3].map((size) => memory.take(size * MEBIBYTE));
  for (const piece of pieces) memory.give(piece);
  expect(pieces.indexOf(memory.take(10))).toBe(0);
  expect(pieces.indexOf(memory.take(10))).toBe(1);
  const other = memory.take(10);
  expect(pieces.indexOf(other)).toBe(-1);
  expect(other.length).toBeGreaterThanOrEqual(10);
});

it('keeps two pieces, the largest ones', () => {
  const memory = new RangeMemory();
  const pieces = [1, 4, 2, 3].map((size) => memory.take(size * MEBIBYTE));
  for (const piece of pieces) memory.give(piece);
  expect([1, 2, 3].map(() => pieces.indexOf(memory.take(1)))).toEqual([3, 1, -1]);
});

it('keeps no piece for what is as large as few blocks are', () => {
  const memory = new RangeMemory();
  const piece = memory.take(9 * MEBIBYTE);
  memory.give(piece);
  expect(memory.take(1) === piece).toBe(false);
});
