// Counts tell each record once, by who made it and when, as Camus's audit does.
import avsc from 'avsc';
import { expect, it } from 'vitest';
import { countRecords } from '../../../../activities/archive/pull/count-records.ts';
import { producerReader } from '../../../../activities/archive/pull/values/producer.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';

const HEADER = {
  type: 'record',
  name: 'Header',
  fields: [
    { name: 'server', type: ['null', 'string'] },
    { name: 'service', type: 'string' },
  ],
};
const RANGE = { topic: 't', partition: 3, leader: '1', from: 7n, to: 9n };
const TIME = Date.UTC(2026, 10, 20, 10, 14);
const SPAN = Date.UTC(2026, 10, 20, 10, 10);

function counted(
  schema: object,
  values: readonly object[],
  anonymous: 'all' | string[] = [],
): readonly { server: string; service: string; start: number; count: number }[] {
  const type = avsc.Type.forSchema(schema as avsc.Schema);
  const producer = producerReader(parseSchema(JSON.stringify(schema)));
  let bytes: Buffer = Buffer.alloc(0);
  const counts = countRecords({ audit: { granularityMinutes: 10, anonymous } }, RANGE, {
    producer: () => producer(bytes, 0, bytes.length),
  });
  for (const value of values) {
    bytes = type.toBuffer(value);
    counts!.add(TIME);
  }
  return counts!.line().counts.counts;
}

const withHeader = { type: 'record', name: 'R', fields: [{ name: 'header', type: HEADER }] };
const by = (server: string | null, service: string): object => ({
  header: { server, service },
});

it('tells producers apart by the header of their records', () => {
  expect(counted(withHeader, [by('a', 'x'), by('a', 'x'), by('b', 'x'), by('a', 'y'), by('a', 'x')])).toEqual([
    { start: SPAN, server: 'a', service: 'x', count: 3 },
    { start: SPAN, server: 'a', service: 'y', count: 1 },
    { start: SPAN, server: 'b', service: 'x', count: 1 },
  ]);
});

it('calls unknown who does not say', () => {
  expect(counted(withHeader, [by(null, 'x')])).toMatchObject([{ server: 'unknown_server', service: 'x' }]);
  const bare = { type: 'record', name: 'R', fields: [{ name: 'n', type: 'int' }] };
  expect(counted(bare, [{ n: 1 }])).toMatchObject([{ server: 'unknown_server', service: 'unknown_service' }]);
});

it.each([['all'] as const, [['t']] as const])('does not tell them apart where the job says %j', (anonymous) => {
  expect(counted(withHeader, [by('a', 'x'), by('b', 'y')], anonymous as 'all' | string[])).toEqual([
    { start: SPAN, server: 'server', service: 'service', count: 2 },
  ]);
});

it('counts nothing where the job says nothing of an audit', () => {
  expect(countRecords({}, RANGE, { producer: () => ({ server: 'a', service: 'b' }) })).toBeUndefined();
});
