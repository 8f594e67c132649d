import { beforeEach, expect, it } from 'vitest';
import { ListedErrors } from '../../../../activities/archive/pull/listed-errors.ts';

let errors: ListedErrors;

beforeEach(() => {
  errors = new ListedErrors({ topic: 't', partition: 3 });
  for (let offset = 0n; offset < 1000n; offset += 1n) errors.add(offset, 'frame', `bad ${offset}`);
});

const line = { kind: 'error', topic: 't', partition: 3 };

it('lists the first thousand bad records with what is wrong with each', () => {
  expect(errors.lines).toHaveLength(1000);
  expect(errors.lines.at(-1)).toEqual({ ...line, offset: '999', message: 't-3, offset 999: frame: bad 999' });
});

it('lists stretches of offsets that are bad for one reason behind them', () => {
  for (const offset of [1000n, 1001n, 1002n]) errors.add(offset, 'frame', 'bad');
  for (const offset of [1003n, 1005n, 1006n]) errors.add(offset, 'time', 'bad');
  expect(errors.lines.slice(1000)).toEqual([
    { ...line, offset: '1000', message: 't-3, offsets 1000 to 1002: frame' },
    { ...line, offset: '1003', message: 't-3, offset 1003: time' },
    { ...line, offset: '1005', message: 't-3, offsets 1005 to 1006: time' },
  ]);
});

it('says how many more there are behind a thousand stretches, and up to where', () => {
  for (let offset = 2000n; offset < 4000n; offset += 2n) errors.add(offset, 'frame', 'bad');
  errors.add(3999n, 'frame', 'bad');
  expect(errors.lines).toHaveLength(2000);
  expect(errors.lines.at(-1)).toMatchObject({ message: 't-3, offsets 3998 to 3999: frame' });
  for (const offset of [5000n, 5001n]) errors.add(offset, 'frame', 'bad');
  expect(errors.lines).toHaveLength(2001);
  expect(errors.lines.at(-1)).toEqual({
    ...line,
    offset: '5001',
    message: 't-3: 2 more bad records up to offset 5001, counted by their reasons in rewind.json',
  });
});
