// The order of the manifest is the order of the fixtures: records of equal time come by place of the file, then by
// ordinal, in every index that the fixtures' own generator wrote.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareManifestOrder,
  comparePlaces,
  manifestPlace,
  parseArchiveName,
} from '../../../layouts/camus/archive-names.ts';

const EXPECTED = join(import.meta.dirname, '../../fixtures/expected');
const INDEXES = readdirSync(EXPECTED, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.index.tsv'),
);

interface Line {
  time: bigint;
  path: string;
  ordinal: number;
}

const read = (index: string): Line[] =>
  readFileSync(join(EXPECTED, index), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [time = '', path = '', ordinal = ''] = line.split('\t');
      return { time: BigInt(time), path, ordinal: Number(ordinal) };
    });

const sorted = (paths: string[]): string[] => [...paths].sort(compareManifestOrder);

describe('the order of the fixtures', () => {
  it.each(INDEXES)('is that of %s', (index) => {
    const lines = read(index);
    const places = new Map(lines.map(({ path }) => [path, manifestPlace(path)]));
    const mine = [...lines].sort(
      (a, b) =>
        Number(a.time - b.time > 0n) - Number(a.time - b.time < 0n) ||
        comparePlaces(places.get(a.path)!, places.get(b.path)!) ||
        a.ordinal - b.ordinal,
    );
    expect(mine).toEqual(lines);
  });

  it('is not that of the names as strings, or this test would show nothing', () => {
    let otherwise = 0;
    for (const index of INDEXES)
      read(index).forEach(({ time, path }, i, lines) => {
        const next = lines[i + 1];
        if (next?.time === time && path > next.path) otherwise += 1;
      });
    expect(INDEXES.length).toBeGreaterThan(15);
    expect(otherwise).toBeGreaterThan(0);
  });

  it.each(INDEXES.filter((index) => /^(?!connect|avroseq)/.test(basename(index))))(
    'has as many records of each file in %s as its name says',
    (index) => {
      const counts = new Map<string, number>();
      for (const { path } of read(index)) counts.set(path, (counts.get(path) ?? 0) + 1);
      for (const [path, count] of counts) expect(parseArchiveName(basename(path))?.count, path).toBe(count);
    },
  );
});

describe('the place of a file', () => {
  it('is by folder, then partition and next offset as numbers, then name', () => {
    const inOrder = [
      'z',
      'd/t.1.2.5.5.0.avro',
      'd/t.9.2.5.10.0.avro',
      'd/t.1.2.5.9007199254740992.0.avro',
      'd/t.1.2.5.9007199254740993.0.avro',
      'd/s.1.10.5.5.0.avro',
      'd/t.1.10.5.5.0.avro',
      'd/t.1.10.5.5.1.avro',
      'd/a-name-of-something-else.avro',
      'd/t.1.x.avro',
      'd-e/t.1.0.1.1.0.avro',
      'd/e/t.1.0.1.1.0.avro',
      'd0/t.1.0.1.1.0.avro',
    ];
    expect(sorted([...inOrder].reverse())).toEqual(inOrder);
  });

  it('is the same however the path begins', () => {
    expect(manifestPlace('/a/b/c')).toEqual({ folder: '/a/b', name: 'c', camus: undefined });
    expect(manifestPlace('/c')).toEqual({ folder: '', name: 'c', camus: undefined });
    expect(manifestPlace('c')).toEqual({ folder: '', name: 'c', camus: undefined });
  });

  it('is equal for equal paths only, and the same from both sides', () => {
    const paths = [
      'd/t.1.2.5.5.0.avro',
      'd/t.01.2.5.5.0.avro',
      'd/t.1.02.5.5.0.avro',
      'd/u',
      'd/v',
      'e/t.1.2.5.5.0.avro',
    ];
    for (const a of paths) {
      for (const b of paths) {
        expect(Math.sign(compareManifestOrder(a, b))).toBe(-Math.sign(compareManifestOrder(b, a)) + 0);
        expect(compareManifestOrder(a, b) === 0).toBe(a === b);
      }
    }
  });
});
