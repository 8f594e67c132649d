// Proves what two lists of the records of one bucket are told to differ in, and that equal ones differ in nothing.
import { expect, test } from 'vitest';
import { compareLists } from '../../../activities/verify/compare/compare-lists.ts';
import type { ListedRecord } from '../../../activities/verify/compare/listed-record.ts';

const topic = (...hashes: number[]): ListedRecord[] => topicOf(hashes);
const topicOf = (hashes: readonly number[]): ListedRecord[] =>
  hashes.map((hash, offset) => ({ hash: BigInt(hash), offset: BigInt(offset), file: undefined, ordinal: -1 }));
const archive = (file: string, ...hashes: number[]): ListedRecord[] => archiveOf(file, hashes);
const archiveOf = (file: string, hashes: readonly number[]): ListedRecord[] =>
  hashes.map((hash, ordinal) => ({ hash: BigInt(hash), offset: undefined, file, ordinal }));
const OPTIONS = { own: false, ordered: true, trimmed: false };

test('equal lists differ in nothing, records of equal content included', () => {
  const found = compareLists([...archive('a', 1, 2, 2), ...archive('b', 1, 3)], topic(1, 2, 2, 1, 3), OPTIONS);
  const { uncompared, compacted, ...lists } = found;
  expect([uncompared, compacted]).toEqual([0, 0]);
  for (const list of Object.values(lists)) expect(list).toEqual([]);
});

test('as many left over on both sides are the same records, changed', () => {
  const { changed, missing, extra } = compareLists(archive('a', 1, 9, 3, 8), topic(1, 2, 3, 4), OPTIONS);
  expect(changed.map(({ archived, logged }) => [archived.ordinal, logged.offset])).toEqual([
    [1, 1n],
    [3, 3n],
  ]);
  expect([missing, extra]).toEqual([[], []]);
});

test('not as many are missing, and extra', () => {
  const { changed, missing, extra } = compareLists(archive('a', 1, 9, 3), topic(1, 2, 3, 4), OPTIONS);
  expect(changed).toEqual([]);
  expect(missing.map(({ offset }) => offset)).toEqual([1n, 3n]);
  expect(extra.map(({ ordinal }) => ordinal)).toEqual([1]);
});

test('records that tell their offsets are changed where the offset is the same', () => {
  const archived = topic(1, 9, 3).map((record) => ({ ...record, file: 'a', ordinal: Number(record.offset) }));
  const { changed, missing } = compareLists(archived, topic(1, 2, 3, 4), { ...OPTIONS, own: true });
  expect(changed).toHaveLength(1);
  expect(missing.map(({ offset }) => offset)).toEqual([3n]);
});

test('one more of what the other side has is doubled, on either side', () => {
  const more = compareLists([...archive('a', 1, 2), ...archive('b', 2)], topic(1, 2), OPTIONS);
  expect(more.doubled.map(({ record, first }) => [record.file, first.file])).toEqual([['b', 'a']]);
  const fewer = compareLists(archive('a', 1, 2), topic(1, 2, 2), OPTIONS);
  expect(fewer.twice.map(({ offset }) => offset)).toEqual([2n]);
  expect(fewer.missing).toEqual([]);
});

test('of a topic that was trimmed the first of the archive are no loss, and only those', () => {
  const trimmed = { ...OPTIONS, trimmed: true };
  const whole = compareLists(archive('a', 1, 2, 3, 4), topic(3, 4), trimmed);
  expect([whole.uncompared, whole.extra, whole.changed]).toEqual([2, [], []]);
  const changed = compareLists(archive('a', 1, 2, 3, 9), topic(3, 4), trimmed);
  expect([changed.uncompared, changed.changed.length]).toEqual([2, 1]);
});

test('files come in any order, and the records of each in that of the topic', () => {
  expect(compareLists([...archive('b', 3, 4), ...archive('a', 1, 2)], topic(1, 2, 3, 4), OPTIONS).moved).toEqual([]);
  const { moved } = compareLists(archive('a', 2, 1, 3), topic(1, 2, 3), OPTIONS);
  expect(moved.map(({ archived }) => archived.ordinal)).toEqual([1]);
});

test('very many records of one content are told apart by their number alone', () => {
  const same = Array.from({ length: 200_000 }, () => 7);
  const found = compareLists(archiveOf('a', [...same, 7]), topicOf(same), OPTIONS);
  expect([found.doubled.length, found.missing.length, found.extra.length]).toEqual([1, 0, 0]);
});

test('of a compacted topic what only the archive has is counted, and what it lacks is missing', () => {
  const found = compareLists(archive('a', 1, 2, 3), topic(3, 4), { ...OPTIONS, compacted: true });
  expect([found.compacted, found.extra, found.missing.map(({ offset }) => offset)]).toEqual([2, [], [1n]]);
});
