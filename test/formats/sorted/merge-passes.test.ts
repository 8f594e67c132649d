// However many sections overlap, passes are planned that make the last merge fit, each pass fits itself, and the
// sequence with its keys is the same as without them.
import { describe, expect, it } from 'vitest';
import type { CatalogueFile } from '../../../formats/sorted/catalogue/sorted-catalogue.ts';
import type { MergeGroup, PlannedSection } from '../../../formats/sorted/merge/passes/merge-plan.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import { mergeSections } from '../../../formats/sorted/merge/merge-into-file.ts';
import { MergeStream } from '../../../formats/sorted/merge/merge-stream.ts';
import { planMergePasses } from '../../../formats/sorted/merge/passes/plan-passes.ts';
import { maxOverlap } from '../../../formats/sorted/merge/key-overlap.ts';
import type { KeyRange } from '../../../formats/sorted/merge/key-overlap.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import {
  FINGERPRINT,
  inOrder,
  plainEntry,
  plainRecord,
  poolOf,
  randomFrom,
  randomSplit,
  withoutFingerprint,
  writeSplit,
} from './random-splits.ts';
import type { StoredFile } from './random-splits.ts';

interface Ranged extends KeyRange {
  records: number;
  bytes: number;
  split: number;
}

function range(from: number, to: number, split: number): Ranged {
  return {
    first: { timeHi: 0, timeLo: from, split, sequence: 0 },
    last: { timeHi: 0, timeLo: to, split, sequence: 1 },
    records: 10,
    bytes: 1000,
    split,
  };
}

/** Every section is in the last merge or in one group, once; every group holds what its inputs hold. */
function leaves<S>(inputs: PlannedSection<S>[]): S[] {
  return inputs.flatMap((input) => (input.group === undefined ? [input.section!] : leaves(input.group.inputs)));
}

describe('the plan of merge passes', () => {
  it('counts how many ranges hold one key', () => {
    expect(maxOverlap([])).toBe(0);
    expect(maxOverlap([range(0, 5, 0), range(6, 9, 1)])).toBe(1);
    expect(maxOverlap([range(0, 5, 0), range(5, 9, 1)])).toBe(1 + 0);
    expect(maxOverlap([range(0, 5, 1), range(5, 9, 0)])).toBe(2);
    expect(maxOverlap([range(0, 50, 0), range(1, 2, 1), range(3, 4, 2), range(3, 9, 3)])).toBe(3);
  });

  it('leaves everything alone where it fits', () => {
    const sections = Array.from({ length: 1000 }, (_, split) => range(split * 10, split * 10 + 25, split));
    const plan = planMergePasses(sections, { maxOpen: 3 });
    expect(plan).toMatchObject({ passes: [], bytes: 0, overlapBefore: 3, overlapAfter: 3 });
    expect(plan.inputs).toHaveLength(1000);
  });

  it('merges no more than it must', () => {
    const sections = Array.from({ length: 100 }, (_, split) => range(0, 1000, split));
    const plan = planMergePasses(sections, { maxOpen: 64 });
    expect(plan.passes).toHaveLength(1);
    expect(plan.passes[0]!.map(({ inputs }) => inputs.length)).toEqual([37]);
    expect(plan).toMatchObject({ overlapBefore: 100, overlapAfter: 64, bytes: 37_000 });
    const thousand = Array.from({ length: 1000 }, (_, split) => range(0, 1000, split));
    expect(planMergePasses(thousand, { maxOpen: 64 }).passes.map((groups) => groups.length)).toEqual([15]);
  });

  it('does the same for every hour of an archive, in groups that can run at the same time', () => {
    const sections = Array.from({ length: 1000 }, (_, split) =>
      range(Math.floor(split / 100) * 100, Math.floor(split / 100) * 100 + 99, split),
    );
    const plan = planMergePasses(sections, { maxOpen: 64 });
    expect(plan.passes.map((groups) => groups.length)).toEqual([10]);
    expect(plan.overlapAfter).toBe(64);
  });

  it.each([2, 3, 8, 64])('fits in the end, whatever overlaps (at most %i open)', (maxOpen) => {
    const random = randomFrom(maxOpen);
    for (const [count, length] of [
      [1, 10],
      [50, 10_000],
      [400, 300],
      [700, 10_000],
      [3000, 100_000],
    ] as const) {
      const sections = Array.from({ length: count }, (_, split) => {
        const from = Math.floor(random() * 10_000);
        return range(from, from + Math.floor(random() * length), split);
      });
      const plan = planMergePasses(sections, { maxOpen });
      expect(maxOverlap(plan.inputs)).toBe(plan.overlapAfter);
      expect(plan.overlapAfter).toBeLessThanOrEqual(maxOpen);
      expect(
        leaves(plan.inputs)
          .map(({ split }) => split)
          .sort((a, b) => a - b),
      ).toEqual(sections.map(({ split }) => split));
      for (const [pass, groups] of plan.passes.entries())
        for (const [number, group] of groups.entries()) {
          expect(group).toMatchObject({ pass, number, records: leaves(group.inputs).length * 10 });
          expect(group.inputs.length).toBeGreaterThan(1);
          expect(maxOverlap(group.inputs)).toBeLessThanOrEqual(maxOpen);
          for (const input of group.inputs) expect(input.group?.pass ?? -1).toBeLessThan(pass);
        }
    }
  });

  it('refuses a limit of one', () => {
    expect(() => planMergePasses([], { maxOpen: 1 })).toThrow(RangeError);
  });
});

describe('merge passes', () => {
  it.each([1, 2])('leave the sequence as it is (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const splits = Array.from({ length: 14 }, (_, split) => randomSplit({ split, records: 90, random, huge: 0.02 }));
    const files = splits.map((records, split) => writeSplit(`/out/${split}`, split, records, { sectionRecords: 40 }));
    const pool = poolOf(files);
    const listed = files.flatMap(({ file }) =>
      file.sections.map((section) => ({ ...section, merge: pool.section(file, section) })),
    );
    const maxOpen = 4;
    const plan = planMergePasses(listed, { maxOpen });
    expect(plan.passes.length).toBeGreaterThan(1);
    const results = new Map<MergeGroup<(typeof listed)[number]>, MergeSection>();
    const sectionOf = (input: PlannedSection<(typeof listed)[number]>): MergeSection =>
      input.section?.merge ?? results.get(input.group!)!;
    for (const group of plan.passes.flat()) {
      const merged = await mergeToFile(`/merged/${group.pass}-${group.number}`, group.inputs.map(sectionOf), maxOpen);
      expect(merged.file).toMatchObject({
        records: group.records,
        sections: [{ first: group.first, last: group.last }],
      });
      results.set(group, poolOf([merged]).sections(merged.file)[0]!);
    }
    const merge = new MergeStream(plan.inputs.map(sectionOf), { maxOpen });
    const entries: string[] = [];
    for (;;) {
      while (merge.next()) entries.push(plainEntry(merge.entry));
      if (!merge.needsData) break;
      await merge.fill();
    }
    expect(entries).toEqual(inOrder(splits.flat()).map(plainRecord));
  });

  it('write an empty file from nothing', async () => {
    const merged = await mergeToFile('/merged', [], 2);
    expect(merged.file).toMatchObject({ records: 0, sections: [] });
  });
});

async function mergeToFile(path: string, sections: MergeSection[], maxOpen: number): Promise<StoredFile> {
  const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: 0, lastSplit: 13, blockBytes: 512 });
  const chunks: Uint8Array[] = [];
  for await (const chunk of mergeSections(sections, writer, { maxOpen })) chunks.push(chunk);
  const file: CatalogueFile = { path, ...withoutFingerprint(writer) };
  return { bytes: Buffer.concat(chunks), file };
}
