// Splits are contiguous in the manifest and of about the size that is asked for; nothing is lost between them.
import { describe, expect, it } from 'vitest';
import type { ManifestFile, Split } from '../../../../activities/replay/manifest/manifest.ts';
import { SplitPlanner } from '../../../../activities/replay/manifest/plan-splits.ts';

function plan(lengths: number[], splitBytes: number, cuttable = true): Split[] {
  const planner = new SplitPlanner(splitBytes);
  const files = lengths.map((length, index): ManifestFile => ({ path: `/f${index}`, length, modifiedAt: 1 }));
  return [...files.flatMap((file) => [...planner.add(file, cuttable)]), ...planner.end()];
}

const shapeOf = (splits: Split[]): (string | string[])[] =>
  splits.map(({ files, range }) =>
    range === undefined ? files.map(({ path }) => path) : `${files[0]?.path} ${range.start}-${range.end}`,
  );

describe('a plan of splits', () => {
  it('groups small files in their order up to the size', () => {
    expect(shapeOf(plan([40, 40, 40, 90, 10, 5], 100))).toEqual([['/f0', '/f1'], ['/f2'], ['/f3', '/f4'], ['/f5']]);
  });

  it('cuts a large file into even parts that touch, and closes the group before it', () => {
    expect(shapeOf(plan([10, 301, 10], 100))).toEqual([
      ['/f0'],
      '/f1 0-75',
      '/f1 75-150',
      '/f1 150-225',
      '/f1 225-301',
      ['/f2'],
    ]);
  });

  it('cuts nothing that is hardly larger than a split, or that can not be cut', () => {
    expect(shapeOf(plan([149], 100))).toEqual([['/f0']]);
    expect(shapeOf(plan([10_000, 1], 100, false))).toEqual([['/f0'], ['/f1']]);
  });

  it('keeps empty files, and ends without a split where there is no file', () => {
    expect(shapeOf(plan([0, 0], 100))).toEqual([['/f0', '/f1']]);
    expect(plan([], 100)).toEqual([]);
  });

  it('puts a thousand files into a split at most', () => {
    expect(
      plan(
        Array.from({ length: 2_500 }, () => 1),
        1_000_000,
      ).map(({ files }) => files.length),
    ).toEqual([1000, 1000, 500]);
  });
});
