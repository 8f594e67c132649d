// The merge gives exactly the sequence that sorting everything in memory gives, opens no more than it must, and a seek
// to any position goes on exactly as skipping to it would.
import { describe, expect, it } from 'vitest';
import { parseSortKey } from '../../../../formats/sorted/file/sort-key.ts';
import type { SortKey } from '../../../../formats/sorted/file/sort-key.ts';
import type { SortedFile } from '../../../../formats/sorted/file/open-sorted-file.ts';
import type { MergeSection } from '../../../../formats/sorted/merge/mergeable-section.ts';
import { MergeStream } from '../../../../formats/sorted/merge/merge-stream.ts';
import { maxOverlap } from '../../../../formats/sorted/merge/key-overlap.ts';
import { inOrder, plainEntry, plainRecord, poolOf, randomFrom, randomSplit, writeSplit } from '../random-splits.ts';
import type { PlainRecord, StoredFile } from '../random-splits.ts';

async function drain(merge: MergeStream, each: (merge: MergeStream) => void = () => undefined): Promise<string[]> {
  const entries: string[] = [];
  for (;;) {
    while (merge.next()) {
      entries.push(plainEntry(merge.entry));
      each(merge);
    }
    if (!merge.needsData) return entries;
    await merge.fill();
  }
}

interface Archive {
  records: PlainRecord[];
  files: StoredFile[];
  sections: MergeSection[];
}

function archive(splits: PlainRecord[][], sectionRecords = 60): Archive {
  const files = splits.map((records, split) => writeSplit(`/out/${split}`, split, records, { sectionRecords }));
  const pool = poolOf(files);
  return { records: splits.flat(), files, sections: files.flatMap(({ file }) => pool.sections(file)) };
}

function randomArchive(seed: number): Archive {
  const random = randomFrom(seed);
  const sizes = [0, 1, 2, 150, 300, 0, 77, 60, 120];
  return archive(sizes.map((records, split) => randomSplit({ split, records, random, huge: 0.01 })));
}

/** Splits one behind the other in time, each overlapping the next one a little. */
function chain(splits: number): Archive {
  const random = randomFrom(splits);
  return archive(
    Array.from({ length: splits }, (_, split) =>
      randomSplit({ split, records: 50, random, time: (i) => BigInt(split * 1000 + ((i * 37) % 50) * 21) }),
    ),
  );
}

const keyOf = (record: PlainRecord): SortKey => parseSortKey(`${record.time}:${record.split}:${record.sequence}`);

describe('a merge', () => {
  it.each([1, 2, 3, 4, 5, 6])('gives the sequence that a sort in memory gives (seed %i)', async (seed) => {
    const { records, sections } = randomArchive(seed);
    const merge = new MergeStream(sections, { maxOpen: 50, openAhead: seed % 3 });
    const expected = inOrder(records).map(plainRecord);
    expect(await drain(merge)).toEqual(expected);
    expect(merge).toMatchObject({ position: expected.length, openSections: 0, bufferedBytes: 0, needsData: false });
    expect(merge.next()).toBe(false);
  });

  it('keeps equal times in order of split and sequence', async () => {
    const random = randomFrom(3);
    const { records, sections } = archive(
      [0, 1, 2].map((split) => randomSplit({ split, records: 100, random, time: () => 7n })),
    );
    const entries = await drain(new MergeStream(sections, { maxOpen: 10 }));
    expect(entries).toEqual(records.map(plainRecord));
  });

  it('ends at once without sections, and where none has records', async () => {
    expect(await drain(new MergeStream([], { maxOpen: 1 }))).toEqual([]);
    expect(await drain(new MergeStream(archive([[], []]).sections, { maxOpen: 1 }))).toEqual([]);
  });

  it('opens a section when its first key is reached, and closes it at its end', async () => {
    const { records, sections } = chain(40);
    let most = 0;
    const merge = new MergeStream(sections, { maxOpen: 3, openAhead: 0 });
    const entries = await drain(merge, () => (most = Math.max(most, merge.openSections)));
    expect(entries).toEqual(inOrder(records).map(plainRecord));
    expect(most).toBe(maxOverlap(sections));
    expect(most).toBe(2);
  });

  it('opens ahead no more than it may have open', async () => {
    const { records, sections } = chain(40);
    let most = 0;
    let mostBytes = 0;
    const merge = new MergeStream(sections, { maxOpen: 4, openAhead: 10 });
    const entries = await drain(merge, () => {
      most = Math.max(most, merge.openSections);
      mostBytes = Math.max(mostBytes, merge.bufferedBytes);
    });
    expect(entries).toHaveLength(records.length);
    expect(most).toBe(4);
    expect(mostBytes).toBeLessThan(4 * 3 * 700);
  });

  it('says so where more sections overlap than may be open', async () => {
    const { sections } = chain(3);
    await expect(drain(new MergeStream(sections, { maxOpen: 1 }))).rejects.toThrow('run merge passes first');
    const merge = new MergeStream(sections, { maxOpen: 1 });
    await expect(merge.seekAfter({ ...sections[1]!.first, sequence: 49 })).rejects.toMatchObject({ fault: 'limit' });
  });

  it.each([1, 2])('seeks to every position as if it had skipped there (seed %i)', async (seed) => {
    const { records, sections } = randomArchive(seed);
    const ordered = inOrder(records);
    const expected = ordered.map(plainRecord);
    for (const [at, record] of ordered.entries()) {
      const merge = new MergeStream(sections, { maxOpen: 50, openAhead: 0 });
      expect(await merge.seekAfter(keyOf(record))).toBe(at + 1);
      const some = at % 50 === 0 ? expected.length : 3;
      const entries: string[] = [];
      while (entries.length < some) {
        if (merge.next()) entries.push(plainEntry(merge.entry));
        else if (merge.needsData) await merge.fill();
        else break;
      }
      expect(entries).toEqual(expected.slice(at + 1, at + 1 + some));
      expect(merge.position).toBe(at + 1 + entries.length);
      await merge.close();
    }
  });

  it('counts exactly for keys between, before and behind the records', async () => {
    const { records, sections } = chain(5);
    const ordered = inOrder(records);
    for (const time of [-5n, 0n, 1n, 999n, 1000n, 1010n, 4020n, 4029n, 4030n, 9999n])
      for (const split of [0, 2, 9]) {
        const before = ordered.filter((one) => one.time < time || (one.time === time && one.split < split)).length;
        const merge = new MergeStream(sections, { maxOpen: 5 });
        const at = await merge.seekAfter(parseSortKey(`${time}:${split}:0`));
        const itself = ordered.filter((one) => one.time === time && one.split === split && one.sequence === 0).length;
        expect(at).toBe(before + itself);
        expect(await drain(merge)).toEqual(ordered.slice(at).map(plainRecord));
      }
  });

  it('reads little for a seek: only sections that go on behind the key, each from the block of the key', async () => {
    const random = randomFrom(1);
    const split = randomSplit({ split: 0, records: 3000, random, time: (i) => BigInt(i) });
    const files = [
      writeSplit('/out/0', 0, split),
      writeSplit(
        '/out/1',
        1,
        split.map((one) => ({ ...one, split: 1, time: one.time + 9999n })),
      ),
    ];
    const pool = poolOf(files, 1024);
    const merge = new MergeStream(
      files.flatMap(({ file }) => pool.sections(file)),
      { maxOpen: 2 },
    );
    expect(await merge.seekAfter(keyOf(split[1500]!))).toBe(1501);
    expect(pool.reads.map(({ path }) => path)).not.toContain('/out/1');
    const data = pool.reads.slice(2).reduce((bytes, { length }) => bytes + length, 0);
    expect(data).toBeLessThanOrEqual(3 * 1024);
    await merge.close();
  });

  it('refuses to seek late or twice', async () => {
    const { records, sections } = chain(2);
    const merge = new MergeStream(sections, { maxOpen: 3 });
    await merge.seekAfter(keyOf(records[0]!));
    await expect(merge.seekAfter(keyOf(records[0]!))).rejects.toThrow('at most once');
  });

  it('notices a section that is listed twice', async () => {
    const { sections } = chain(2);
    const twice = drain(new MergeStream([...sections, sections[0]!], { maxOpen: 5 }));
    await expect(twice).rejects.toThrow('stands in two sections');
  });

  it('notices a file that is not the one in the catalogue', async () => {
    const { sections } = chain(2);
    const wrong = sections.map((section) => ({ ...section, records: section.records + 1 }));
    await expect(drain(new MergeStream(wrong, { maxOpen: 5 }))).rejects.toThrow(
      '/out/0, section 0: the sorted file is not the one',
    );
  });

  it('passes on what the source says, and stays failed', async () => {
    const { sections } = chain(1);
    const broken = sections.map((section) => ({
      ...section,
      open: () => Promise.reject(new Error('DataNode is gone')),
    }));
    const merge = new MergeStream(broken, { maxOpen: 5 });
    await expect(drain(merge)).rejects.toThrow('DataNode is gone');
    expect(() => merge.next()).toThrow('DataNode is gone');
    await expect(merge.fill()).rejects.toThrow('DataNode is gone');
  });

  it('fails on a read that failed, however often it is asked', async () => {
    const random = randomFrom(1);
    const { file, bytes } = writeSplit(
      '/out/0',
      0,
      randomSplit({ split: 0, records: 300, random, time: (i) => BigInt(i) }),
    );
    const pool = poolOf([{ file, bytes }], 2000);
    const [section] = pool.sections(file);
    const failing: MergeSection = {
      ...section!,
      open: async () => {
        const cursor = await section!.open();
        const { source } = cursor.sortedFile as SortedFile;
        const read = source.read.bind(source);
        source.read = (position, length, signal) =>
          position > 5000 ? Promise.reject(new Error('connection reset')) : read(position, length, signal);
        return cursor;
      },
    };
    const merge = new MergeStream([failing], { maxOpen: 1 });
    await expect(drain(merge)).rejects.toThrow('connection reset');
    await expect(merge.fill()).rejects.toThrow('connection reset');
  });

  it('gives nothing after it was closed', async () => {
    const { sections } = chain(3);
    const merge = new MergeStream(sections, { maxOpen: 5 });
    while (!merge.next()) await merge.fill();
    await merge.close();
    expect(() => merge.next()).toThrow('was closed');
    expect(merge.openSections).toBe(0);
  });
});
