// Records in memory are merged as those of sorted files are: the same entries, the same order, the same places to go on at.
import { describe, expect, it } from 'vitest';
import type { MergeSection } from '../../../../formats/sorted/merge/mergeable-section.ts';
import { MergeStream } from '../../../../formats/sorted/merge/merge-stream.ts';
import { RunCursor } from '../../../../formats/sorted/merge/run-cursor.ts';
import { compareSortKeys, formatSortKey, parseSortKey } from '../../../../formats/sorted/file/sort-key.ts';
import { SortBuffer } from '../../../../formats/sorted/sort/sort-buffer.ts';
import { entriesBefore, memoryOf, summaryOf, type SortedRun } from '../../../../formats/sorted/sort/sorted-run.ts';

const ORIGIN = {
  files: { length: 1, sourcePartitions: [3], file: () => ({ split: 0, path: '/f', sourcePartition: 3 }) },
};

/** Runs of several splits, with equal times within and between them. */
function runsOf(splits: number, records: number): SortedRun[] {
  const runs: SortedRun[] = [];
  for (let split = 0; split < splits; split += 1) {
    const buffer = new SortBuffer({ capacity: 4096 });
    buffer.startSplit();
    for (let sequence = 0; sequence < records; sequence += 1) {
      const body = buffer.begin();
      body.append(Buffer.from(`${split}:${sequence}`));
      buffer.commit(0, (sequence * 7919) % 97, sequence, 0, split);
      if (buffer.isFull) runs.push(buffer.take(split));
    }
    runs.push(buffer.take(split));
  }
  return runs;
}

const sections = (runs: SortedRun[]): MergeSection[] =>
  runs.map((run) => ({ ...summaryOf(run)!, name: `split ${run.split}`, open: async () => new RunCursor(run, ORIGIN) }));

async function drain(merge: MergeStream): Promise<{ key: string; body: string }[]> {
  const entries: { key: string; body: string }[] = [];
  for (;;) {
    while (merge.next()) {
      const { bytes, bodyStart, bodyEnd } = merge.entry;
      entries.push({
        key: formatSortKey(merge.entry),
        body: Buffer.from(bytes.subarray(bodyStart, bodyEnd)).toString(),
      });
    }
    if (!merge.needsData) return entries;
    await merge.fill();
  }
}

describe('runs of a sort buffer in memory', () => {
  const runs = runsOf(3, 500);
  const open = (): MergeStream => new MergeStream(sections(runs), { maxOpen: runs.length });

  it('are merged into one order, each entry with its own body', async () => {
    expect(runs.length).toBeGreaterThan(6);
    const entries = await drain(open());
    expect(entries).toHaveLength(1500);
    const keys = entries.map(({ key }) => parseSortKey(key));
    for (let index = 1; index < keys.length; index += 1)
      expect(compareSortKeys(keys[index - 1]!, keys[index]!)).toBeLessThan(0);
    for (const { key, body } of entries) expect(key.split(':').slice(1).join(':')).toBe(body);
  });

  it('are merged in parts of a time each, which together are all entries, and are gone on with in each', async () => {
    const all = await drain(open());
    const parts: { key: string; body: string }[] = [];
    for (const [from, to] of [
      [-Infinity, 0],
      [0, 13],
      [13, 14],
      [14, 90],
      [90, Infinity],
    ] as const) {
      const part = (): MergeStream =>
        new MergeStream(
          runs.flatMap((run) => {
            const places = { from: entriesBefore(run, from), to: entriesBefore(run, to) };
            const section = summaryOf(run, places);
            if (section === undefined) return [];
            return [{ ...section, name: `split ${run.split}`, open: async () => new RunCursor(run, ORIGIN, places) }];
          }),
          { maxOpen: runs.length },
        );
      const entries = await drain(part());
      for (const { key } of entries) {
        expect(parseSortKey(key).timeLo).toBeGreaterThanOrEqual(from);
        expect(parseSortKey(key).timeLo).toBeLessThan(to);
      }
      for (const at of [0, Math.floor(entries.length / 2), entries.length - 1]) {
        if (entries[at] === undefined) continue;
        const merge = part();
        expect(await merge.seekAfter(parseSortKey(entries[at].key))).toBe(at + 1);
        expect(await drain(merge)).toEqual(entries.slice(at + 1));
      }
      parts.push(...entries);
    }
    expect(parts).toEqual(all);
  });

  it('are gone on with behind any key, with as many entries before', async () => {
    const all = await drain(open());
    for (const at of [0, 1, 499, 750, 1499]) {
      const merge = open();
      expect(await merge.seekAfter(parseSortKey(all[at]!.key))).toBe(at + 1);
      expect(await drain(merge)).toEqual(all.slice(at + 1));
    }
  });

  it('move to another thread as they are', async () => {
    const all = await drain(open());
    const moved = runsOf(3, 500).map((run) => structuredClone(run, { transfer: memoryOf(run) }));
    expect(await drain(new MergeStream(sections(moved), { maxOpen: moved.length }))).toEqual(all);
  });

  it('take all room with them, so that the buffer goes on with its own', () => {
    const buffer = new SortBuffer({ capacity: 4096 });
    buffer.startSplit();
    buffer.begin().append(Buffer.from('one'));
    buffer.commit(0, 5, 0, 0, 0);
    const run = buffer.take(9);
    buffer.begin().append(Buffer.from('two'));
    buffer.commit(0, 4, 1, 0, 0);
    expect(Buffer.from(run.bodies.subarray(0, 3)).toString()).toBe('one');
    expect([run.count, run.split, run.timeLo[0], run.largestBody]).toEqual([1, 9, 5, 3]);
    expect(buffer.count).toBe(1);
  });
});
