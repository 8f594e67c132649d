// Proves that the ground truth's own encoders are right: avsc decodes what they encode, resolves the old schema to the
// new one to the same values, and their JSON text is what Java's JsonEncoder prints.
import { expect, test } from 'vitest';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { javaBytes, javaDouble, javaQuoted } from './java-text.ts';
import { SCHEMAS, SYMBOLS, pageViewJson, putPageView } from './page-view-schema.ts';
import { pageViewAt } from './page-view.ts';
import { avscType } from './read-back.ts';
import type { PageView } from './page-view.ts';

const COUNT = 3000;

function views(version: 1 | 2): PageView[] {
  return Array.from({ length: COUNT }, (_, index) =>
    pageViewAt(
      { topic: 'views', seed: 99, partition: 3, index, offset: BigInt(index), time: 1_414_652_400_000 + index },
      version,
    ),
  );
}

function binary(view: PageView, version: 1 | 2): Buffer {
  const out = new ByteWriter(16);
  putPageView(out, view, version);
  return Buffer.from(out.view());
}

/** What avsc makes of a record, in its terms: unwrapped unions, BigInt longs, symbols by name. */
function expected(view: PageView, campaign: string | null): Record<string, unknown> {
  const { memberId, viewerUrn, time, server, service, guid, action, params, ...rest } = view;
  return {
    ...rest,
    header: {
      memberId: memberId === null ? null : BigInt(memberId),
      viewerUrn,
      time: BigInt(time),
      server,
      service,
      guid: [...guid],
    },
    action: SYMBOLS[action],
    params: Object.fromEntries(params),
    durationMs: BigInt(view.durationMs),
    sessionId: BigInt(view.sessionId),
    campaign,
  };
}

function plain(record: unknown): Record<string, unknown> {
  const { header, params, tags, ...rest } = record as { header: { guid: Buffer }; params: object; tags: string[] };
  return { ...rest, header: { ...header, guid: [...header.guid] }, params: { ...params }, tags: [...tags] };
}

test('avsc decodes every record, to the last byte', () => {
  const type = avscType(SCHEMAS[2]);
  for (const view of views(2)) expect(plain(type.fromBuffer(binary(view, 2)))).toEqual(expected(view, view.campaign));
});

test('avsc resolves records of version 1 to version 2', () => {
  const [writer, reader] = [avscType(SCHEMAS[1]), avscType(SCHEMAS[2])];
  const resolver = reader.createResolver(writer);
  for (const view of views(1))
    expect(plain(reader.fromBuffer(binary(view, 1), resolver))).toEqual(expected(view, null));
});

test('records are of about 300 bytes and hold what breaks encoders', () => {
  const all = views(2);
  const mean = all.reduce((sum, view) => sum + binary(view, 2).length, 0) / COUNT;
  expect(mean).toBeGreaterThan(270);
  expect(mean).toBeLessThan(330);
  expect(all.some(({ sessionId }) => typeof sessionId === 'bigint' && sessionId < 0n)).toBe(true);
  expect(all.some(({ memberId }) => typeof memberId === 'bigint')).toBe(true);
  expect(all.some(({ pageKey }) => pageKey.includes('\u{1F30D}'))).toBe(true);
  expect(all.some(({ params }) => params.length === 0)).toBe(true);
  expect(new Set(all.map(({ action }) => action)).size).toBe(4);
});

test.each([1, 2] as const)(
  'the JSON of version %i has the values of the record, unions wrapped, in the order of the schema',
  (version) => {
    const fields = (JSON.parse(SCHEMAS[version]) as { fields: { name: string }[] }).fields.map(({ name }) => name);
    for (const view of views(version)) {
      const text = pageViewJson(view, version);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      expect(Object.keys(parsed)).toEqual(fields);
      expect(parsed.referrer).toEqual(view.referrer === null ? null : { string: view.referrer });
      expect(parsed.pageKey).toBe(view.pageKey);
      expect(parsed.params).toEqual(Object.fromEntries(view.params));
      expect(parsed.score).toBe(view.score);
      expect(Buffer.from((parsed.header as { guid: string }).guid, 'latin1').equals(Buffer.from(view.guid))).toBe(true);
      expect(text).toContain(`"sessionId":${view.sessionId},`);
    }
  },
);

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [3, '3.0'],
  [9_999_999, '9999999.0'],
  [10_000_000, '1.0E7'],
  [-1.5e21, '-1.5E21'],
  [0.001, '0.001'],
  [0.00099, '9.9E-4'],

  [12.345, '12.345'],
  [NaN, '"NaN"'],
  [-Infinity, '"-Infinity"'],
])('the double %f is printed %s', (value, text) => {
  expect(javaDouble(value)).toBe(text);
});

test('strings and bytes are escaped as Java does it', () => {
  expect(javaQuoted('a"b\\c/\n\u001F\u007F\u0085é\u2028\u{1F600}')).toBe(
    '"a\\"b\\\\c/\\n\\u001F\u007F\u0085é\u2028\\uD83D\\uDE00"',
  );
  expect(javaBytes(Uint8Array.of(0, 34, 92, 127, 128, 255))).toBe('"\\u0000\\"\\\\\u007F\u0080ÿ"');
});
