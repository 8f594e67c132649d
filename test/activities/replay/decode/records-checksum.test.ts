// A split that is decoded once more is cut into other runs where the worker has other memory: its checksum is the same; and
// it is another one for any record that is not the same.
import { expect, it } from 'vitest';
import { RecordsChecksum } from '../../../../activities/replay/decode/records-checksum.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';

interface Entry {
  time: number;
  body: string;
  file?: number;
  partition?: number;
}

const entries = Array.from({ length: 50 }, (_, n): Entry => ({
  time: (n * 17) % 50,
  body: `body ${n}`,
  partition: n % 3,
}));

function checksum(of: readonly Entry[], capacity: number): { value: number; runs: number } {
  const buffer = new SortBuffer({ capacity });
  const sum = new RecordsChecksum();
  let runs = 0;
  const give = (): void => {
    sum.add(buffer.take(0));
    runs += 1;
  };
  for (const [sequence, { time, body, file = 0, partition = 0 }] of of.entries()) {
    buffer.begin().append(Buffer.from(body));
    buffer.commit(0, time, sequence, file, partition);
    if (buffer.isFull) give();
  }
  give();
  return { value: sum.value, runs };
}

const usual = checksum(entries, 10_000);

it.each([100, 300, 800])('is the same in runs of %i bytes', (capacity) => {
  const { value, runs } = checksum(entries, capacity);
  expect(runs).toBeGreaterThan(2);
  expect(value).toBe(usual.value);
});

it.each<[string, (all: Entry[]) => void]>([
  ['a byte', (all) => (all[7]!.body = 'bodY 7')],
  ['a time', (all) => (all[7]!.time += 1)],
  ['a partition', (all) => (all[7]!.partition = 2)],
  ['a file', (all) => (all[7]!.file = 1)],
  ['the order', (all) => all.push(...all.splice(7, 1))],
  ['the number of records', (all) => all.pop()],
])('is another one where %s is', (_, change) => {
  const all = entries.map((entry) => ({ ...entry }));
  change(all);
  expect(checksum(all, 10_000).value).not.toBe(usual.value);
});
