// Names of Camus's files are read for what they say and no further: partition, count and next offset decide what is
// replayed, in which order, and from where consumers go on. The fixtures were written by Camus itself.
import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isDataFile, parseArchiveName } from '../../../layouts/camus/archive-names.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const filesBelow = (folder: string): string[] =>
  readdirSync(join(FIXTURES, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FIXTURES, join(entry.parentPath, entry.name)));
const isDataPath = (path: string): boolean => path.split('/').every(isDataFile);

describe('the name of a file of Camus', () => {
  it('says topic, broker, partition, count, next offset and time bucket', () => {
    expect(parseArchiveName('web_orders.9.0.16.142.1414983600000.avro')).toEqual({
      topic: 'web_orders',
      node: '9',
      partition: 0,
      count: 16,
      nextOffset: 142n,
      bucketStartMs: 1414983600000,
    });
  });

  it('of Kafka 0.7 has a node, and no bucket', () => {
    expect(parseArchiveName('legacy07.3.1.26.3000754.avro')).toEqual({
      topic: 'legacy07',
      node: '3',
      partition: 1,
      count: 26,
      nextOffset: 3000754n,
    });
  });

  it.each(['', '.avro', '.deflate', '.gz', '.snappy', '.json.gz', '.bz2', '.AVRO'])('may end with %j', (extension) => {
    expect(parseArchiveName(`t.1.2.3.4.5${extension}`)).toMatchObject({ nextOffset: 4n, bucketStartMs: 5 });
    expect(parseArchiveName(`t.1.2.3.4${extension}`)).toMatchObject({ nextOffset: 4n });
  });

  it('keeps offsets exact up to 2^63-1', () => {
    expect(parseArchiveName('t.1.2147483647.2147483647.9223372036854775807.-3600000.avro')).toEqual({
      topic: 't',
      node: '1',
      partition: 2147483647,
      count: 2147483647,
      nextOffset: 9223372036854775807n,
      bucketStartMs: -3600000,
    });
  });

  it.each(['2014-11-02', '99999999999999999999', '7=1'])(
    'may have the partition %j of a partitioner of one’s own where Camus has the bucket',
    (bucket) => {
      const parsed = parseArchiveName(`t.1.2.3.4.${bucket}.avro`);
      expect(parsed).toMatchObject({ nextOffset: 4n });
      expect(parsed?.bucketStartMs).toBeUndefined();
    },
  );

  it('of TopicGroupingPartitioner tells no position, as its partition is a task and its next offset 0', () => {
    expect(parseArchiveName('t.1414983600.7.100.0.1414983600000.avro')).toBeUndefined();
    expect(parseArchiveName('t.1.7.0.0.1414983600000.avro')).toMatchObject({ partition: 7, nextOffset: 0n });
  });

  it.each([
    '',
    't',
    '.1.2.3.4.5.avro',
    't.1.2.3.avro',
    't.1.2.3',
    't.1.2.3.4.5.6',
    't.1.2.3.4..avro',
    't.1.2.3.4.',
    't.1.2.3.4.5.',
    't.1.2.3.x4.5.avro',
    't.1.2.-3.4.5.avro',
    't.1.-2.3.4.5.avro',
    't.1.2.3.-4.5.avro',
    't.b.2.3.4.5.avro',
    't.1.2147483648.3.4.5.avro',
    't.1.2.2147483648.4.5.avro',
    't.1.2.3.9223372036854775808.5.avro',
    't.1.2.3.10000000000000000000000.5.avro',
    't.1.2.3e1.4.5.avro',
    't.1. 2.3.4.5.avro',
    't.1.2.3.0x4.5.avro',
    'invoices+0+0000000101+0000000145.avro',
    'part-m-00000.avro',
    '15386715558499-0',
  ])('is not %j', (name) => {
    expect(parseArchiveName(name)).toBeUndefined();
  });

  it('is that of every data file that Camus wrote', () => {
    const paths = ['camus/dest', 'text', 'seqtext', 'bad/paths'].flatMap(filesBelow);
    const data = paths.filter((path) => isDataPath(path) && path !== 'text/formats.json');
    expect(data.length).toBeGreaterThan(150);
    expect(data.filter((path) => parseArchiveName(basename(path)) === undefined)).toEqual([]);
    for (const path of data.filter((each) => each.startsWith('camus/dest/')))
      expect(parseArchiveName(basename(path))?.topic).toBe(path.split('/')[2]);
  });

  it('is that of no file of other writers', () => {
    const data = ['connect', 'avroseq', 'nifi'].flatMap(filesBelow).filter(isDataPath);
    expect(data.length).toBeGreaterThan(60);
    expect(data.filter((path) => parseArchiveName(basename(path)) !== undefined)).toEqual([]);
  });

  it.each([
    ['we ird+topic%20#é☃.0.1.25.25.1414915200000.avro', 'we ird+topic%20#é☃'],
    ["a'b;c(d)[e]{f}~!,@=.0.2.25.25.1414915200000.avro", "a'b;c(d)[e]{f}~!,@="],
    ['%2e%2e%2fx?y=z&w.0.4.25.25.1414915200000.avro', '%2e%2e%2fx?y=z&w'],
  ])('may have odd characters: %s', (name, topic) => {
    expect(parseArchiveName(name)?.topic).toBe(topic);
  });
});

describe('a name that is not data', () => {
  it.each([
    '_SUCCESS',
    '_temporary',
    '_logs',
    '.page_views.0.0.100.423.1414911600000.avro.crc',
    '._COPYING_',
    't.1.2.3.4.5.avro._COPYING_',
    '+tmp',
    'FlumeData.1234.tmp',
    '.hidden',
  ])('is %j', (name) => {
    expect(isDataFile(name)).toBe(false);
  });

  it.each(['t.1.2.3.4.5.avro', 'part_', 'a_SUCCESS', 'tmp', 'x.tmp.avro', '+tmpx', 'COPYING_x', '☃'])(
    'is not %j',
    (name) => {
      expect(isDataFile(name)).toBe(true);
    },
  );
});
