// Splits that were cut smaller than they need be are joined to those that would have been: each byte in one of them.
import { describe, expect, it } from 'vitest';
import { joinSplits } from '../../../../activities/replay/manifest/join-splits.ts';
import { encodeLines, type ManifestFile, type Split } from '../../../../activities/replay/manifest/manifest.ts';
import { MAX_FILES_PER_SPLIT, SplitPlanner } from '../../../../activities/replay/manifest/plan-splits.ts';
import { SplitTable } from '../../../../activities/replay/manifest/split-table.ts';
import { Draws } from '../../../support/camus-archive/draws.ts';

function planned(files: readonly ManifestFile[], splitBytes: number): Split[] {
  const planner = new SplitPlanner(splitBytes);
  return [...files.flatMap((file) => [...planner.add(file, file.length > 300)]), ...planner.end()];
}

/** The table as the listing writes it, with what each of its splits holds. */
function tableOf(splits: readonly Split[]): { table: SplitTable; sizes: { bytes: number; files: number }[] } {
  const table = new SplitTable();
  let [at, length] = [0, 0];
  const sizes = splits.map(({ files, range }) => {
    const { start, end } = range ?? { start: 0, end: 0 };
    if (start === 0) {
      at += length;
      length = encodeLines(files).length;
    }
    table.add({ linesAt: at, linesLength: length, start, end });
    const bytes = range === undefined ? files.reduce((sum, file) => sum + file.length, 0) : end - start;
    return { bytes, files: files.length };
  });
  return { table, sizes };
}

const entries = (table: SplitTable): ReturnType<SplitTable['at']>[] =>
  Array.from({ length: table.splits }, (_, split) => table.at(split));

describe('splits that are joined', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'hold the same, in the same order, and are as large as they may be (%i)',
    (seed) => {
      const draws = new Draws(seed);
      const files = Array.from({ length: 1 + draws.below(40) }, (_, file) => ({
        path: `/camus/events/f${file}.avro`,
        length: 1 + (draws.below(3) === 0 ? draws.below(2_000) : draws.below(80)),
        modifiedAt: 1,
      }));
      const { table, sizes } = tableOf(planned(files, 100));
      const joined = entries(joinSplits(table, sizes, 1_000));
      // Bytes of whole files are those of their lines here: what counts is that they follow one another.
      let at = { linesAt: 0, linesLength: 0, end: 0 };
      for (const entry of joined) {
        if (entry.start > 0) expect([entry.linesAt, entry.start]).toEqual([at.linesAt, at.end]);
        else expect(entry.linesAt).toBe(at.linesAt + at.linesLength);
        at = entry;
      }
      const last = table.at(table.splits - 1);
      expect([at.linesAt + at.linesLength, at.end]).toEqual([last.linesAt + last.linesLength, last.end]);
      expect(joined.length).toBeLessThanOrEqual(table.splits);
      if (table.splits > 20) expect(joined.length).toBeLessThan(table.splits / 2);
    },
  );

  it('have no more files than others', () => {
    const files = Array.from({ length: 3 * MAX_FILES_PER_SPLIT }, (_, file) => ({
      path: `/f${file}`,
      length: 1,
      modifiedAt: 1,
    }));
    const { table, sizes } = tableOf(planned(files, 100));
    expect(joinSplits(table, sizes, 1e9).splits).toBe(3);
  });
});
