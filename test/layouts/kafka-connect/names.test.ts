// What names of Kafka Connect tell, whatever its partitioner and its padding.
import { describe, expect, it } from 'vitest';
import { kafkaConnect } from '../../../layouts/kafka-connect/kafka-connect-layout.ts';

const facts = (path: string, topic = 'invoices') => kafkaConnect.facts(`/c/topics/${path}`, topic);

describe('the name of a committed file', () => {
  it.each([
    ['invoices/partition=3/invoices+3+0000000100+0000000138.avro', 3, 100n, 139n, true],
    ['invoices/partition=3/invoices+3+100+138.parquet', 3, 100n, 139n, true],
    ['invoices/region=eu/invoices+3+0000000100+0000000138.json', 3, 100n, 139n, false],
    [
      'invoices/year=2014/month=11/day=02/hour=00/invoices+3+0000000100+0000000138.snappy.parquet',
      3,
      100n,
      139n,
      false,
    ],
    ['invoices/partition=0/invoices+0+0+0', 0, 0n, 1n, true],
    [
      'invoices/partition=0/invoices+0+9223372036854775806+9223372036854775807.avro',
      0,
      2n ** 63n - 2n,
      2n ** 63n,
      true,
    ],
    ['invoices/partition=9/invoices+3+0000000100+0000000138.avro', 3, 100n, 139n, false],
  ])('%s', (path, partition, firstOffset, nextOffset, alone) => {
    expect(facts(path)).toMatchObject({ partition, firstOffset, nextOffset, alone });
  });

  it('may have a topic with any character', () => {
    for (const topic of ['a-b', 'a.b_c', 'a+b', 'a+1+2', '+', '1+2'])
      expect(facts(`${topic}/partition=0/${topic}+0+0000000007+0000000009.avro`, topic)).toMatchObject({
        topic,
        firstOffset: 7n,
      });
  });

  it.each([
    'invoices+0+0000000030+0000000020.avro',
    'invoices+0+0000000030+9223372036854775808.avro',
    'invoices+2147483648+0000000030+0000000031.avro',
    'other+0+0000000030+0000000031.avro',
  ])('%s is refused', (name) => {
    const path = `/c/topics/invoices/partition=0/${name}`;
    expect(facts(`invoices/partition=0/${name}`)).toBeUndefined();
    expect(kafkaConnect.odd?.(path, 'invoices')).toMatchObject({ refuse: true });
  });

  it.each(['invoices-0-0000000050.avro', 'invoices+0+0000000050.avro', 'part-00000', 'invoices+a+1+2.avro'])(
    '%s is read, and said to be odd',
    (name) => expect(kafkaConnect.odd?.(`/c/${name}`, 'invoices')).toMatchObject({ refuse: false }),
  );

  it('is no name of data where the sink has not committed it, or keeps its log', () => {
    const names = ['0f8fad5b-d9cb_tmp.avro', 'x_tmp', 'log', 'log.1', '_SUCCESS', '.crc', 'a.tmp', 'a._COPYING_'];
    expect(names.filter((name) => kafkaConnect.isData(name))).toEqual([]);
    expect(['logs+0+1+2.avro', 'log+0+1+2.avro', 'x'].every((name) => kafkaConnect.isData(name))).toBe(true);
    expect(['+tmp', '_x', '.x'].filter((name) => kafkaConnect.isDataFolder(name))).toEqual([]);
  });
});

describe('the folder of a topic', () => {
  it.each([
    [{ dest: '/connect' }, '/connect/topics/a.b'],
    [{ dest: '/' }, '/topics/a.b'],
    [{ topicsDir: 'data/kafka' }, '/data/kafka/a.b'],
    [{ topicsDir: '/data/kafka/' }, '/data/kafka/a.b'],
    [{ dest: '/x', topicsDir: 'by/${topic}' }, '/x/by/a.b/a.b'],
    [{ dest: '/x', subDir: 'year=2014' }, '/x/topics/a.b/year=2014'],
    [{ dest: '/we[i]rd' }, '/we\\[i\\]rd/topics/a.b'],
    [{}, undefined],
  ])('%j', (archive, input) => expect(kafkaConnect.input(archive, 'a.b')).toBe(input));
});

describe('a folder of a time-based partitioner', () => {
  const clock = { timeZone: 'Europe/Berlin' };
  const HOUR = 3_600_000;
  const midnight = Date.UTC(2014, 10, 1, 23);
  const span = (folder: string, more = {}) =>
    kafkaConnect.span(`/c/topics/i/${folder}/i+0+1+2.avro`, 'i', { ...clock, ...more });

  it.each([
    ['year=2014/month=11/day=02/hour=00', 1],
    ['year=2014/month=11/day=02', 24],
    ['2014/11/02/00', 1],
    ['dt=2014-11-02/hh=00', 1],
    ['dt=2014-11-02', 24],
    ['region=eu/year=2014/month=11/day=02/hour=00', 1],
  ])('%s lasts %i hours in its zone', (folder, hours) => {
    expect(span(folder)).toEqual({ from: midnight - 2 * HOUR, to: midnight + (hours + 2) * HOUR, by: 'folder' });
  });

  it('lasts as long as the job says', () =>
    expect(span('year=2014/month=11/day=02/hour=00', { bucketMinutes: 720 })?.to).toBe(midnight + 14 * HOUR));

  it.each(['partition=0', 'year=2014/month=11', 'region=eu'])('%s tells no time', (folder) =>
    expect(span(folder)).toBeUndefined(),
  );
});
