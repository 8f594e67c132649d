// What comes thick and fast is handed on as often as somebody may want to know it.
import { expect, test, vi } from 'vitest';
import { seldom } from '../../../../activities/replay/decode/seldom.ts';

test('the first is handed on at once, and then one in each so many milliseconds', () => {
  const clock = vi.spyOn(performance, 'now');
  const told: number[] = [];
  const tell = seldom((value: number) => void told.push(value), 100);
  for (const now of [5, 6, 104, 105, 106, 204, 900, 950, 1_000]) {
    clock.mockReturnValue(now);
    tell(now);
  }
  clock.mockRestore();
  expect(told).toEqual([5, 105, 900, 1_000]);
});
