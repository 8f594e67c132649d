// What is written as a line is read back as the same record; of what could not be, no line is made.
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { NifiLineWriter } from '../../../formats/nifi/nifi-line-writer.ts';
import { NifiLine } from '../../../formats/nifi/nifi-line.ts';

type Part = string | null;

/** The record of the line, or why there is none. */
function roundTrip(key: Part, value: Part, delimiter = '<@>', offset = 9223372036854775807n): string | unknown[] {
  const writer = new NifiLineWriter('a-1', delimiter);
  const parts = [key, value].map((part) => Buffer.from(part ?? '', 'latin1'));
  const bytes = Buffer.concat([Buffer.from('\nbefore'), ...parts, Buffer.from('after\n')]);
  const keyEnd = 7 + parts[0]!.length;
  const [valueStart, valueEnd] = value === null ? [-1, -1] : [keyEnd, keyEnd + parts[1]!.length];
  const positions = [key === null ? -1 : 7, key === null ? -1 : keyEnd, valueStart, valueEnd] as const;
  const refused = writer.refusal(bytes, ...positions);
  if (refused !== undefined) return refused;
  const out = new ByteWriter(4);
  writer.append(out, 12, offset, bytes, ...positions);
  const reader = new NifiLine('a-1', delimiter);
  reader.read(out.view());
  const { partition, keyStart, payloadStart } = reader;
  return [
    partition,
    int64ToBigInt(reader.offset.hi, reader.offset.lo),
    reader.bytes.toString('latin1', keyStart, reader.keyEnd),
    reader.bytes.toString('latin1', payloadStart),
  ];
}

describe('a record', () => {
  it.each<[Part, Part, string]>([
    ['k', 'v', '<@>'],
    ['', '', '<@>'],
    ['k<', '@>v<@>w', '<@>'],
    ['\r\x85\xff', '\xe2\x80\xa8\x00', '<@>'],
    ['k|', 'v', '|x'],
    ['1', '|v', '||'],
    ['k', '-', '-'],
  ])('of key %j and value %j comes back behind %j', (key, value, delimiter) => {
    expect(roundTrip(key, value, delimiter)).toEqual([12, 9223372036854775807n, key, value]);
  });

  it('has an empty place where key or value is null', () => {
    expect(roundTrip(null, null)).toEqual([12, 9223372036854775807n, '', '']);
    expect(roundTrip(null, 'v', '<@>', 0n)).toEqual([12, 0n, '', 'v']);
  });

  it.each<[Part, Part, string, RegExp]>([
    ['a<@>b', 'v', '<@>', /^the key holds, .* the delimiter <@>: set nifi\.delimiter/],
    ['<@>', 'v', '<@>', /^the key holds/],
    // Written it would be a|||v, whose key ends behind a.
    ['a|', 'v', '||', /^the key holds, or makes up with what follows, the delimiter \|\|/],
    ['ab', 'v', 'abab', /^the key holds, or makes up/],
    ['a\nb', 'v', '<@>', /^the key holds a line feed/],
    ['a', 'v\n', '<@>', /^the value holds a line feed/],
  ])('of key %j and value %j is no line by %j', (key, value, delimiter, why) => {
    expect(roundTrip(key, value, delimiter)).toMatch(why);
  });
});
