// The headers that a replay gives each record of a file: those of the record's own file, however files alternate.
import { describe, expect, it } from 'vitest';
import { FileHeaders } from '../../../../activities/replay/publish/file-headers.ts';
import { fileHeaders } from '../../../../activities/replay/record/record-headers.ts';
import type { SortedEntry } from '../../../../formats/sorted/file/sorted-entry.ts';

const originOf = (paths: readonly string[], sourcePartition: number): SortedEntry['sortedFile'] => ({
  files: {
    length: paths.length,
    file: (number) => ({ split: 0, path: paths[number]!, sourcePartition }),
    sourcePartitions: paths.map(() => sourcePartition),
  },
});
const [A, B] = [originOf(['/a0', '/a1'], 3), originOf(['/b0'], -1)];
const entryOf = (sortedFile: SortedEntry['sortedFile'], file: number): SortedEntry =>
  ({ sortedFile, file }) as Partial<SortedEntry> as SortedEntry;
const IN_TURN = [entryOf(A, 0), entryOf(B, 0), entryOf(A, 1), entryOf(B, 0), entryOf(A, 0)];

describe.each([
  { partition: true, file: true },
  { partition: true, file: false },
  { partition: false, file: true },
  { partition: false, file: false },
])('of partition $partition and file $file', (which) => {
  it('are those of the file of each record', () => {
    const headers = new FileHeaders({ ordinal: true, ...which });
    expect(IN_TURN.map((entry) => headers.of(entry))).toEqual([
      fileHeaders(which, '/a0', 3),
      fileHeaders(which, '/b0', undefined),
      fileHeaders(which, '/a1', 3),
      fileHeaders(which, '/b0', undefined),
      fileHeaders(which, '/a0', 3),
    ]);
  });
});
