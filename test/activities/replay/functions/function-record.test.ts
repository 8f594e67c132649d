// What a function of the user's own is shown of a record.
import { expect, it } from 'vitest';
import { CurrentRecord } from '../../../../activities/replay/functions/function-record.ts';

function shown(line: string): CurrentRecord {
  const record = new CurrentRecord();
  record.show(Buffer.from(line), undefined);
  return record;
}

it('a line of JSON behind a byte order mark is JSON, and its text is the line', () => {
  expect(shown('\ufeff{"id":1}').value).toEqual({ id: 1 });
  expect(shown('\ufeff{"id":9007199254740993}').value).toEqual({ id: 9007199254740993n });
  expect(shown('\ufeff{"id":1}').text).toBe('\ufeff{"id":1}');
});
