// An output schema converts nothing: where it has another unit or scale than a file, the file is refused, by the field;
// where it only says more or less than the file, that is remarked.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { formatErrorOf } from '../../../formats/support/fixture-files.ts';

import { decodeToMemory, type DecodedFiles } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { timesContainer } from '../../../support/times-container.ts';

const AT = 1_414_915_500_000;
const stamp = (unit: string): string => eventOf({ type: 'long', logicalType: `timestamp-${unit}` });
const eventOf = (type: unknown): string =>
  JSON.stringify({ type: 'record', name: 'E', fields: [{ name: 'time', type }] });

async function decode(writer: string, time: number, schema: string, output: ReplayInput['output'] = {}) {
  const bytes = timesContainer(writer, [time]);
  return decodeToMemory([{ path: '/in/a.avro', bytes }], replayJob({ output }), { schema });
}
const valuesOf = ({ records }: DecodedFiles): string[] => records.map(({ value }) => value.toString());

describe('an output schema of another unit', () => {
  it.each(['avro-json', 'json', 'avro-binary'] as const)('is refused by its field, as %s', async (encoding) => {
    const error = await formatErrorOf(() => decode(stamp('micros'), AT * 1000, stamp('millis'), { encoding }));
    expect(error).toMatchObject({
      fault: 'schema',
      facts: { position: 0, expected: 'timestamp-millis', found: 'timestamp-micros' },
    });
    expect(error.message).toContain('/in/a.avro at byte 0: field time would be re-labelled by the output schema');
    expect(error.message).toContain('set output.relabel to true');
  });

  it('is taken where the job says that the label of the files is wrong, and told', async () => {
    const { records, counts } = await decode(stamp('micros'), AT, stamp('millis'), { relabel: true });
    expect(records.map(({ value }) => value.toString())).toEqual([`{"time":${AT}}`]);
    expect(counts.remarks).toEqual([
      'field time would be re-labelled by the output schema, as output.relabel says: the files say timestamp-micros, and it says timestamp-millis',
    ]);
  });

  it('is no matter where records are published as they are in the file', async () => {
    const bytes = timesContainer(stamp('micros'), [AT * 1000]);
    const job = replayJob({ output: { encoding: 'original' } });
    expect((await decodeToMemory([{ path: '/in/a.avro', bytes }], job)).counts.remarks).toBeUndefined();
  });
});

it('an output schema that says less or more than the files is remarked, once for all files of a split', async () => {
  const bytes = timesContainer(stamp('millis'), [AT]);
  const files = ['a', 'b'].map((name) => ({ path: `/in/${name}.avro`, bytes }));
  const decoded = await decodeToMemory(files, replayJob(), { schema: eventOf('long') });
  expect(valuesOf(decoded)).toHaveLength(2);
  expect(decoded.counts.remarks).toEqual([
    'field time: the files say timestamp-millis, and the output schema says nothing of what its numbers mean',
  ]);
});
