// A line of a NiFi backup gives its partition, offset, key and payload, byte for byte, or says at which byte it doesn't.
import { describe, expect, it } from 'vitest';
import { isNifiDelimiter } from '../../../formats/nifi/delimiter.ts';
import { NifiLine } from '../../../formats/nifi/nifi-line.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';

interface Read {
  partition: number;
  offset: bigint;
  key: string;
  payload: string;
}

function read(line: string | Buffer, topic = 't', delimiter = '<@>'): Read {
  const reader = new NifiLine(topic, delimiter);
  // Behind other bytes, as in a window of a file.
  const window = Buffer.concat([Buffer.from('before\n'), Buffer.from(line), Buffer.from('\nafter')]);
  reader.read(window.subarray(7, window.length - 6));
  const { bytes, keyStart, keyEnd, payloadStart, partition, offset } = reader;
  return {
    partition,
    offset: int64ToBigInt(offset.hi, offset.lo),
    key: bytes.toString('latin1', keyStart, keyEnd),
    payload: bytes.toString('latin1', payloadStart),
  };
}

describe('a line', () => {
  it.each([
    ['t-0-0<@>k<@>p', { partition: 0, offset: 0n, key: 'k', payload: 'p' }],
    ['t-2147483647-4294967296<@>k<@>p', { partition: 2147483647, offset: 4294967296n }],
    ['t-1-999999999999999<@>k<@>p', { offset: 999999999999999n }],
    ['t-1-9007199254740993<@>k<@>p', { offset: 9007199254740993n }],
    ['t-1-9223372036854775807<@>k<@>p', { offset: 9223372036854775807n }],
    ['t-1-5<@><@>', { key: '', payload: '' }],
    ['t-1-5<@>k<@>', { key: 'k', payload: '' }],
    ['t-1-5<@><@>p', { key: '', payload: 'p' }],
    ['t-1-5<@> k <@> p ', { key: ' k ', payload: ' p ' }],
    ['t-1-5<@>k<<@>@><@>p', { key: 'k<', payload: '@><@>p' }],
    ['t-1-5<@>k<@>t-1-6<@>fake<@>line', { payload: 't-1-6<@>fake<@>line' }],
    ['t-1-5<@>k\r<@>p\r', { key: 'k\r', payload: 'p\r' }],
  ])('%j', (line, expected) => {
    expect(read(line)).toMatchObject(expected);
  });

  it('keeps bytes that are no UTF-8, and line ends that are no U+000A', () => {
    const key = Buffer.from('ff00fe', 'hex');
    const payload = Buffer.from('c328e280a8c285ff', 'hex');
    const line = Buffer.concat([Buffer.from('t-1-5<@>'), key, Buffer.from('<@>'), payload]);
    expect(read(line)).toMatchObject({ key: key.toString('latin1'), payload: payload.toString('latin1') });
  });

  it('is of a topic that has dashes and numbers in its name', () => {
    expect(read('a-1-2-12-7<@>k<@>p', 'a-1-2')).toMatchObject({ partition: 12, offset: 7n });
  });

  it.each(['|', '||', '-', '\t', 'é'])('has the delimiter %j', (delimiter) => {
    const line = Buffer.from(`t-1-5${delimiter}k${delimiter}p`);
    expect(read(line, 't', delimiter)).toMatchObject({ partition: 1, offset: 5n, key: 'k', payload: 'p' });
  });
});

describe('what is no line', () => {
  it.each([
    ['', 0, 'not of the topic', 't-PARTITION-OFFSET'],
    ['other-0-1<@>k<@>p', 0, 'not of the topic', 't-PARTITION-OFFSET'],
    ['t', 0, 'not of the topic', 't-PARTITION-OFFSET'],
    ['t-', 2, 'no partition', 'a number from 0 to 2147483647'],
    ['t<@>k<@>p', 0, 'not of the topic', 't-PARTITION-OFFSET'],
    ['t-x-1<@>k<@>p', 2, 'no partition', 'a number from 0'],
    ['t--1-5<@>k<@>p', 2, 'no partition', 'a number from 0'],
    ['t-2147483648-5<@>k<@>p', 2, 'no partition', 'a number from 0'],
    ['t-0<@>k<@>p', 3, 'no offset', '- and an offset'],
    ['t-0-<@>k<@>p', 4, 'no offset', 'a number from 0 to 9223372036854775807'],
    ['t-0-x7<@>k<@>p', 4, 'no offset', 'a number from 0'],
    ['t-0--5<@>k<@>p', 4, 'no offset', 'a number from 0'],
    ['t-0-9223372036854775808<@>k<@>p', 4, 'no offset', 'a number from 0'],
    ['t-0-18446744073709551616<@>k<@>p', 4, 'no offset', 'a number from 0'],
    ['t-0-5', 5, 'no delimiter', '<@>'],
    ['t-0-5 no delimiter', 5, 'no delimiter', '<@>'],
    ['t-0-5<@', 5, 'no delimiter', '<@>'],
    ['t-0-5<@>only one', 8, 'one delimiter and not two', '<@> and a payload'],
  ])('%j is refused at byte %i', (line, position, message, expected) => {
    expect(() => read(line)).toThrow(
      expect.objectContaining({
        fault: 'corrupt',
        message: expect.stringContaining(message) as string,
        facts: expect.objectContaining({ position, expected: expect.stringContaining(expected) as string }) as object,
      }) as Error,
    );
  });
});

it('takes no delimiter that an offset could go on with, or that a line can not hold', () => {
  expect(['<@>', '|', ' 1', ''].map(isNifiDelimiter)).toEqual([true, true, true, false]);
  expect(['1|', 'a\nb', '\n'].map(isNifiDelimiter)).toEqual([false, false, false]);
});
