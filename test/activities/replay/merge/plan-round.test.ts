// A round of merge passes is planned over all sections of a catalogue, the same for whoever computes it; where all fits
// into one merge there is none.
import { describe, expect, it } from 'vitest';
import { overlapOf, planRound } from '../../../../activities/replay/merge/plan-round.ts';
import type { CatalogueFile } from '../../../../formats/sorted/catalogue/sorted-catalogue.ts';

const key = (time: number, split: number) => ({ timeHi: 0, timeLo: time, split, sequence: 0 });

/** A file of one section a range of times. */
function fileOf(split: number, ...ranges: [from: number, to: number][]): CatalogueFile {
  const sections = ranges.map(([from, to], number) => ({
    number,
    first: key(from, split),
    last: key(to, split),
    records: 10,
    bytes: 1_000,
  }));
  return {
    path: `/sorted/split-${split}`,
    firstSplit: split,
    lastSplit: split,
    sections,
  } as Partial<CatalogueFile> as CatalogueFile;
}

describe('a round of merge passes', () => {
  it('is empty where no more overlap than may be open', () => {
    const apart = Array.from({ length: 50 }, (_, split) => fileOf(split, [split * 10, split * 10 + 9]));
    expect([planRound(apart, 2), overlapOf(apart)]).toEqual([[], 1]);
    const together = [fileOf(0, [0, 100]), fileOf(1, [50, 150]), fileOf(2, [90, 190])];
    expect([planRound(together, 3), overlapOf(together)]).toEqual([[], 3]);
  });

  it('merges no section twice and none with more than may be open', () => {
    const files = Array.from({ length: 20 }, (_, split) => fileOf(split, [0, 1_000], [2_000, 3_000 + split]));
    const groups = planRound(files, 4);
    expect(overlapOf(files)).toBe(20);
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) expect(group.length).toBeLessThanOrEqual(4);
    expect(new Set(groups.flat().map(({ number }) => number))).toEqual(new Set([0, 1]));
    const merged = groups.flat().map(({ file, number }) => `${file.path} ${number}`);
    expect(new Set(merged).size).toBe(merged.length);
    expect(planRound(files, 4)).toEqual(groups);
  });

  it('of nothing is empty', () => {
    expect([planRound([], 2), overlapOf([])]).toEqual([[], 0]);
  });
});
