// Proves that a repeat is compared with what the first record of its offset was, whatever its memory holds by then: a
// section that is read on puts its next range where the range before was.
import { expect, it } from 'vitest';
import { FirstBodies } from '../../../../activities/replay/merge/first-bodies.ts';
import type { SortedEntry } from '../../../../formats/sorted/file/sorted-entry.ts';

function entry(path: string, offset: number, bytes: Buffer): SortedEntry {
  const files = { length: 1, file: () => ({ split: 0, path, sourcePartition: 0 }), sourcePartitions: [0] };
  const place = { timeHi: 0, timeLo: offset, split: 0, sequence: offset, file: 0, partition: 0 };
  return { ...place, bytes, bodyStart: 2, bodyEnd: bytes.length, sortedFile: { files } };
}

it('tells repeats by what the first record was, after its memory was used again', () => {
  const firsts = new FirstBodies();
  const [range, other] = [Buffer.from('..same'), Buffer.from('..another partition')];
  firsts.take(0, entry('/a', 7, range));
  firsts.take(1, entry('/a', 7, other));
  range.fill('x');
  other.fill('x');
  expect(firsts.unlike(0, entry('/b', 7, Buffer.from('..same')))).toBeUndefined();
  expect(firsts.unlike(1, entry('/b', 7, Buffer.from('..another partition')))).toBeUndefined();
  expect(firsts.unlike(0, entry('/b', 7, Buffer.from('..xxxx')))).toBe('/a');
  firsts.take(0, entry('/c', 8, Buffer.from('..next')));
  expect(firsts.unlike(0, entry('/d', 8, Buffer.from('..next')))).toBeUndefined();
  expect(firsts.unlike(0, entry('/d', 8, Buffer.from('..nexT')))).toBe('/c');
});
