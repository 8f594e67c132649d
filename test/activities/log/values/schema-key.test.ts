// What a key or a value calls its schema: bytes that are no frame are no error, a damaged frame is told, and who must have
// one can say what was there in either case.
import { expect, it } from 'vitest';
import { frameFault, schemaKeyOf, type FoundFrame } from '../../../../activities/log/values/schema-key.ts';
import type { RecordCursor } from '../../../../connections/kafka/read/topic-reader.ts';

const GUID = '00010203-0405-0607-0809-0a0b0c0d0e0f';

function find(hex: string, header?: string): { key: unknown; found: FoundFrame; why: string | undefined } {
  const bytes = Buffer.from(hex, 'hex');
  const name = Buffer.from('__value_schema_id');
  const value = header === undefined ? undefined : Buffer.from(header, 'hex');
  const all = Buffer.concat([bytes, ...(value === undefined ? [] : [name, value])]);
  const record = {
    bytes: all,
    headerCount: value === undefined ? 0 : 1,
    headersStart: bytes.length,
    recordEnd: all.length,
    headers: () => [{ name: String(name), value }],
  } as unknown as RecordCursor;
  const found: FoundFrame = { start: -1, fault: undefined };
  const key = schemaKeyOf(record, 'value', 0, bytes.length, found);
  return { key, found, why: key === undefined ? frameFault(all, 0, bytes.length, found)?.message : undefined };
}

it.each([
  ['an id', '0000000007ff', undefined, 7, 5],
  ['a GUID', '01000102030405060708090a0b0c0d0e0fff', undefined, GUID, 17],
  ['an id in a header', 'ffff', '0000000009', 9, 0],
  ['a GUID in a header, before a frame', '0000000007ff', '01000102030405060708090a0b0c0d0e0f', GUID, 0],
])('%s is found, and where the datum begins', (_what, hex, header, key, start) => {
  const { found, ...rest } = find(hex, header);
  expect([rest.key, found.start, found.fault]).toEqual([key, start, undefined]);
});

it.each([
  ['text', '7b7d', 'has no frame'],
  ['nothing', '', 'ends in the frame'],
  ['half an id', '000000', 'ends in the frame'],
  ['an id below 0', '00ffffffff', 'that no schema registry gives'],
])('%s is no error to find, and can be told', (_what, hex, why) => {
  const outcome = find(hex);
  expect([outcome.key, outcome.found.fault]).toEqual([undefined, undefined]);
  expect(outcome.why).toContain(why);
});

it.each([
  ['half a GUID', '010001', undefined, 'ends in the frame'],
  ['bytes behind an id in a header', 'ff', '000000000700', 'bytes follow'],
])('%s is told where it is found', (_what, hex, header, why) => {
  const outcome = find(hex, header);
  expect(outcome.key).toBeUndefined();
  expect(outcome.found.fault?.message).toContain(why);
  expect(outcome.why).toBe(outcome.found.fault?.message);
});
