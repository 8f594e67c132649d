import { expect, it } from 'vitest';
import { ListedErrors } from '../../../../activities/archive/pull/listed-errors.ts';

it('lists the first thousand bad records, and says how many more there are, and up to where', () => {
  const errors = new ListedErrors({ topic: 't', partition: 3 });
  for (let offset = 0n; offset < 1000n; offset += 1n) errors.add(offset, `bad ${offset}`);
  expect(errors.lines).toHaveLength(1000);
  expect(errors.lines.at(-1)).toEqual({ kind: 'error', topic: 't', partition: 3, offset: '999', message: 'bad 999' });
  for (let offset = 1000n; offset < 1007n; offset += 1n) errors.add(offset, `bad ${offset}`);
  expect(errors.lines).toHaveLength(1001);
  expect(errors.lines.at(-1)).toMatchObject({ offset: '1006', message: expect.stringContaining('7 more') as string });
});
