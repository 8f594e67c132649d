// What a plan tells of a problem is what the job would end with.
import { expect, it } from 'vitest';
import { SkippedRecords } from '../../../../activities/replay/decode/skipped-records.ts';
import { Problems } from '../../../../activities/replay/plan/problems.ts';
import { FormatError, type FormatFault } from '../../../../formats/format-error.ts';

function failing(fault: FormatFault): FormatError {
  try {
    new SkippedRecords('fail').orThrow(new FormatError(fault, 'it is wrong', { position: 7 }), '/in/a', { records: 1 });
  } catch (error) {
    return error as FormatError;
  }
  throw new Error('it was to throw');
}

it('names the file once, whether the error did already or not', () => {
  const problems = new Problems();
  problems.add('decode', failing('corrupt'), '/in/a');
  problems.add('list', new FormatError('corrupt', 'it is wrong', { position: 7 }), '/in/a');
  for (const { message } of problems.list) expect(message.split('/in/a')).toHaveLength(2);
});

it.each<[FormatFault, string]>([
  ['schema', 'Correct what the job says of the fields (time.field, output.key, output.schema), or'],
  ['time', 'Correct what the job says of the time (time.field, time.pattern, time.format, time.unit), or'],
  ['function', 'Correct the function, or'],
  ['corrupt', 'Repair or remove the file, or'],
  ['truncated', 'Repair or remove the file, or'],
])('a fault of %s has a remedy that can help', (fault, remedy) => {
  expect(failing(fault).message).toContain(`: it is wrong. ${remedy} set badData.policy to "skip"`);
});
