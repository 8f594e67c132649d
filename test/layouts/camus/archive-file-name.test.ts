/** Proves that names of data files are those that Camus gives, and that none is given that could not be read back. */
import { describe, expect, it } from 'vitest';
import { archiveFileName, archiveTopicName } from '../../../layouts/camus/archive-file-name.ts';
import { parseArchiveName } from '../../../layouts/camus/archive-names.ts';
import { fixturesBelow } from '../../formats/support/fixture-files.ts';

const FILE = {
  topic: 'web.orders',
  node: '3',
  partition: 7,
  count: 60,
  nextOffset: 9_007_199_254_740_993n,
  bucketStartMs: 1_414_915_200_000,
};

describe('the name of a data file', () => {
  it('is as Camus gives it', () => {
    expect(archiveFileName(FILE, '.avro')).toBe('web_orders.3.7.60.9007199254740993.1414915200000.avro');
    expect(archiveFileName({ ...FILE, bucketStartMs: -3_600_000 })).toMatch(/\.-3600000$/);
    expect(archiveTopicName('a.b_c-d')).toBe('a_b_c-d');
  });

  it('is that of every file of Camus again, from what its name tells', () => {
    let checked = 0;
    for (const path of ['camus/dest', 'text', 'seqtext'].flatMap(fixturesBelow)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const read = parseArchiveName(name);
      if (read?.bucketStartMs === undefined) continue;
      const stem = `${read.topic}.${read.node}.${read.partition}.${read.count}.${read.nextOffset}.${read.bucketStartMs}`;
      expect(archiveFileName({ ...read, bucketStartMs: read.bucketStartMs }, name.slice(stem.length)), path).toBe(name);
      checked++;
    }
    expect(checked).toBeGreaterThan(120);
  });

  it.each([
    ['a broker that is no number', { node: 'x' }],
    ['no broker', { node: '-1' }],
    ['a negative partition', { partition: -1 }],
    ['more records than an int counts', { count: 2 ** 31 }],
    ['records before the first offset', { count: 1, nextOffset: 0n }],
    ['an offset beyond a long', { nextOffset: 2n ** 63n }],
    ['half a millisecond', { bucketStartMs: 0.5 }],
    ['no topic', { topic: '' }],
  ])('is refused for %s', (_, changed) => {
    expect(() => archiveFileName({ ...FILE, ...changed }, '.avro')).toThrow('would not be read as the name');
  });

  it('is refused for an extension that a reader would take for a number', () => {
    expect(() => archiveFileName(FILE, '.1')).toThrow('would not be read as the name');
  });
});
