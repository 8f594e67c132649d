// Proves that the verifier sees every way in which a replay can go wrong: records lost, doubled, out of order, changed,
// with another key, time or ordinal.
import { expect, test } from 'vitest';
import { CamusArchive } from './camus-archive.ts';
import { ReplayComparison } from './replay-comparison.ts';
import { resolveOptions } from './archive-options.ts';
import type { Comparison, ConsumedRecord, Expectations } from './replay-comparison.ts';

const options = resolveOptions({ dest: '/d', exec: '/e', records: 400, hours: 2 });
const truth = new CamusArchive({ options, laterRuns: [] }).truth();

function published(position: number, changes: Partial<ConsumedRecord> = {}): ConsumedRecord {
  return {
    partition: 0,
    offset: String(position * 2),
    timestamp: String(truth.time(position)),
    key: null,
    value: Buffer.from(truth.json(position)),
    headers: { 'rewind-ordinal': Buffer.from(String(position)) },
    ...changes,
  };
}

const all = Array.from({ length: truth.total }, (_, position) => published(position));

function compared(records: readonly ConsumedRecord[], expectations?: Expectations): Comparison {
  const comparison = new ReplayComparison(truth, expectations);
  for (const record of records) comparison.take(record);
  return comparison.result();
}

test('a replay that is as it should be is found so', () => {
  expect(compared(all)).toEqual({
    ok: true,
    expected: 400,
    consumed: 400,
    missing: { count: 0, first: [] },
    differences: 0,
    told: [],
  });
});

test('several partitions, each in order, and the union complete', () => {
  const spread = all.map((record, position) => ({ ...record, partition: position % 3 }));
  const byPartition = [0, 1, 2].flatMap((partition) => spread.filter((record) => record.partition === partition));
  expect(compared(byPartition, { partition: (_, position) => position % 3 }).ok).toBe(true);
  const wrong = compared(byPartition, { partition: () => 0 });
  expect(wrong.told[0]).toContain('partition 1 offset 2: ordinal 1: expected partition 0');
});

test('lost records are named', () => {
  const result = compared(all.filter((_, position) => position < 7 || position > 9));
  expect(result).toMatchObject({ ok: false, missing: { count: 3, first: [7, 8, 9] }, differences: 0 });
});

test('a record that comes twice, and one out of order, are told with ordinal and offset', () => {
  const twice = compared([...all.slice(0, 5), published(4, { offset: '9' }), ...all.slice(5)]);
  expect(twice).toMatchObject({ ok: false, consumed: 401, missing: { count: 0 } });
  expect(twice.told).toContain('partition 0 offset 9: ordinal 4: came before: published twice');
  const swapped = compared([published(1), published(0), ...all.slice(2)]);
  expect(swapped).toMatchObject({ ok: false, differences: 1 });
  expect(swapped.told[0]).toBe('partition 0 offset 0: ordinal 0: came after ordinal 1 of the same partition');
});

test.each<[string, Partial<ConsumedRecord>, RegExp]>([
  [
    'another value',
    { value: Buffer.from(truth.json(3).replace('"score":', '"score": ')) },
    /values part at byte \d+: expected ".*score/,
  ],
  ['no value', { value: null }, /expected \d+ bytes, found null/],
  ['a key', { key: Buffer.from('k') }, /expected key null, found "k"/],
  ['another time', { timestamp: '5' }, /expected timestamp \d+, found 5/],
  [
    'no ordinal',
    { headers: { other: Buffer.from('1') } },
    /expected a header rewind-ordinal with the ordinal, found other/,
  ],
  [
    'an ordinal that is none',
    { headers: { 'rewind-ordinal': Buffer.from('x') } },
    /expected decimal digits or 8 bytes, found 0x78/,
  ],
  [
    'an ordinal beyond the end',
    { headers: { 'rewind-ordinal': Buffer.from('400') } },
    /ordinal 400: expected one below 400/,
  ],
])('%s is told', (_, changes, message) => {
  const result = compared([...all.slice(0, 3), published(3, changes), ...all.slice(4)]);
  expect(result.ok).toBe(false);
  expect(result.told[0]).toMatch(message);
});

test('only the first differences are told, all are counted', () => {
  const result = compared(
    all.map((record) => ({ ...record, timestamp: '0' })),
    { told: 2 },
  );
  expect(result.differences).toBe(400);
  expect(result.told.length).toBe(2);
});

test('ordinals of 8 bytes, binary values, keys and times of publishing can be expected instead', () => {
  const records = all.map((record, position) => {
    const ordinal = Buffer.alloc(8);
    ordinal.writeBigInt64BE(BigInt(position));
    const key = Buffer.from(truth.record(position).eventId);
    return {
      ...record,
      key,
      timestamp: '0',
      value: Buffer.from(truth.binary(position)),
      headers: { 'rewind-ordinal': ordinal },
    };
  });
  const expectations: Expectations = {
    encoding: 'avro-binary',
    timestamps: 'publish',
    key: (_, position) => truth.record(position).eventId,
  };
  expect(compared(records, expectations).ok).toBe(true);
});

test('without ordinals the place in the only partition counts', () => {
  const bare = all.map((record) => ({ ...record, headers: {} }));
  expect(compared(bare, { ordinalHeader: undefined }).ok).toBe(true);
  expect(compared(bare.slice(1), { ordinalHeader: undefined }).ok).toBe(false);
});
