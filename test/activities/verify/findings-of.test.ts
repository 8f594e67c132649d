// Proves that no finding is left out silently: the first of a kind in a bucket are named, and of the others how many.
import { expect, test } from 'vitest';
import { compareLists } from '../../../activities/verify/compare/compare-lists.ts';
import { findingsOf } from '../../../activities/verify/compare/findings-of.ts';
import type { ListedRecord } from '../../../activities/verify/compare/listed-record.ts';

const logged = (offset: number): ListedRecord => ({
  hash: BigInt(offset),
  offset: BigInt(offset),
  file: undefined,
  ordinal: -1,
});
const archived = (record: ListedRecord): ListedRecord => ({ ...record, file: 'a', ordinal: Number(record.offset) });
const WHERE = { target: 'source', topic: 'events', partition: 0, bucket: null } as const;

test.each([
  ['missing', [], (offset: number) => offset % 10 === 0],
  ['changed', [1], (offset: number) => offset % 10 === 0],
] as const)('of 30 places where records are %s, 20 are named and 10 counted', (kind, differing, isWrong) => {
  const topic = Array.from({ length: 300 }, (_, offset) => logged(offset));
  const archive = topic.flatMap((record) => {
    if (!isWrong(Number(record.offset))) return [archived(record)];
    return differing.map(() => ({ ...archived(record), hash: 1_000n + record.hash }));
  });
  const found = findingsOf(compareLists(archive, topic, { own: true, ordered: false, trimmed: false }), WHERE);
  expect(new Set(found.map((finding) => finding.kind))).toEqual(new Set([kind]));
  expect(found).toHaveLength(21);
  expect(found.at(-1)!.message).toBe('partition 0: and 10 more such places against events, which are not listed');
});
