// Which files are the job's: those of the pinned runs and of the time range, in manifest order; the others are counted
// by reason, and what can't be decided is an error with the option that decides it.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { FileSelection } from '../../../../activities/replay/manifest/file-selection.ts';
import type { PinnedOffsets } from '../../../../layouts/pinned-offsets.ts';
import type { FileStatus } from '../../../../connections/hdfs/file-store.ts';
import { codeOf } from '../../../support/code-of.ts';
import { replayJob } from '../../../support/replay-job.ts';

const PINNED_AT = Date.UTC(2014, 10, 3, 12);
const BUCKET = Date.UTC(2014, 10, 2, 8);
const HOUR = 3_600_000;
const FOLDER = '/camus/events/hourly/2014/11/02/00';

function pins(next: Record<string, string>): PinnedOffsets {
  const boundaries = Object.fromEntries(Object.entries(next).map(([partition, offset]) => [partition, [offset]]));
  return { execution: '/exec/history/2014-11-03-12-00-00', startedAt: PINNED_AT, next, boundaries, remarks: [] };
}

const file = (name: string, modifiedAt = PINNED_AT - HOUR, folder = FOLDER): FileStatus => ({
  path: `${folder}/${name}`,
  kind: 'file',
  length: 100,
  modifiedAt,
});

const camus = (partition: number, count: number, next: number, bucket = BUCKET): string =>
  `events.1.${partition}.${count}.${next}.${bucket}.avro`;

function select(input: Partial<ReplayInput>, files: FileStatus[], pinned?: PinnedOffsets) {
  const selection = new FileSelection(replayJob(input), pinned);
  const taken = [...selection.take(files)].map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  return { selection, taken };
}

describe('files of a folder', () => {
  it('come by partition and next offset as numbers, not as text', () => {
    const names = [camus(10, 1, 5), camus(2, 1, 100), camus(2, 1, 20)];
    expect(
      select(
        {},
        names.map((name) => file(name)),
      ).taken,
    ).toEqual([camus(2, 1, 20), camus(2, 1, 100), camus(10, 1, 5)]);
  });

  it('are left out where their names say that they are no data', () => {
    const { selection, taken } = select(
      {},
      ['_SUCCESS', '.x.avro', 'a.tmp', camus(0, 1, 1)].map((name) => file(name)),
    );
    expect(taken).toEqual([camus(0, 1, 1)]);
    expect(selection.leftOut()).toEqual([
      {
        reason: 'not data by their names',
        files: 3,
        examples: expect.arrayContaining([`${FOLDER}/_SUCCESS`]) as string[],
      },
    ]);
  });

  it('carry partition and count where the name tells, for the topic with underscores for its dots', () => {
    const selection = new FileSelection(replayJob({ topic: 'a.b' }), undefined);
    const named = [...selection.take([file(`a_b.1.3.7.9.${BUCKET}.avro`)])];
    expect(named).toMatchObject([{ partition: 3, count: 7 }]);
    expect(selection.everyNameHasOffsets).toBe(true);
    const others = [...selection.take([file(`other.1.3.7.9.${BUCKET}.avro`), file('part-00000.avro')])];
    expect(others.map(({ partition, count }) => [partition, count])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(selection.everyNameHasOffsets).toBe(false);
  });

  it('keep examples of the first five that were left out, and count all', () => {
    const names = Array.from({ length: 30 }, (_, index) => file(`_part-${index}`));
    const [left] = select({}, names).selection.leftOut();
    expect([left?.files, left?.examples.length]).toEqual([30, 5]);
  });
});

describe('pinned offsets', () => {
  const later = file(camus(0, 5, 15), PINNED_AT + 1);
  const older = file(camus(0, 5, 15), PINNED_AT);

  it('leave out files of later runs, by offset and by modification time', () => {
    const { selection, taken } = select({}, [file(camus(0, 10, 10), PINNED_AT + HOUR), later], pins({ '0': '10' }));
    expect(taken).toEqual([camus(0, 10, 10)]);
    expect(selection.leftOut()).toMatchObject([{ reason: 'of a Camus run after the pinned one', files: 1 }]);
  });

  it('tell an earlier life of a topic: an error, unless the job says what to do', () => {
    expect(codeOf(() => select({}, [older], pins({ '0': '10' })))).toBe('earlier-life');
    const archive = (earlierLife: 'include' | 'leave-out') => ({ archive: { dest: '/camus', earlierLife } });
    expect(select(archive('include'), [older], pins({ '0': '10' })).taken).toEqual([camus(0, 5, 15)]);
    const left = select(archive('leave-out'), [older], pins({ '0': '10' }));
    expect(left.taken).toEqual([]);
    expect(left.selection.leftOut()).toMatchObject([{ reason: 'of an earlier life of the topic' }]);
  });

  it('are compared beyond 2^53', () => {
    const name = `events.1.0.1.9007199254740993.${BUCKET}.avro`;
    expect(select({}, [file(name, PINNED_AT + 1)], pins({ '0': '9007199254740992' })).taken).toEqual([]);
    expect(select({}, [file(name, PINNED_AT + 1)], pins({ '0': '9007199254740993' })).taken).toEqual([name]);
  });

  it('are those of a node and partition in the layout of Kafka 0.7', () => {
    const offsets = { layout: '0.7' as const };
    const files = [file(`events.3.0.5.10.avro`, PINNED_AT + 1), file(`events.4.0.5.10.avro`, PINNED_AT + 1)];
    expect(select({ offsets }, files, pins({ '3-0': '10', '4-0': '5' })).taken).toEqual(['events.3.0.5.10.avro']);
  });

  it('and files that do not have the same partitions are reported', () => {
    const { selection } = select({}, [file(camus(0, 5, 5)), file(camus(2, 5, 5))], pins({ '0': '5', '1': '9' }));
    expect(selection.finish()).toEqual([
      'partitions with files and without an offset to commit: 2',
      'partitions with an offset to commit and without files: 1',
      expect.stringMatching(/partition 1: no records for the offsets 0 to 8$/),
    ]);
  });
});

describe('a time range', () => {
  it('leaves out files whose bucket can hold none of it', () => {
    const files = [0, 1, 2, 3, 4].map((hour) => file(camus(0, 1, hour + 1, BUCKET + hour * HOUR)));
    const { selection, taken } = select({ from: BUCKET + 2 * HOUR, to: BUCKET + 3 * HOUR }, files);
    // A bucket may span two hours, on the day when clocks go back, and begin with the second one.
    expect(taken).toEqual([1, 2, 3].map((hour) => camus(0, 1, hour + 1, BUCKET + hour * HOUR)));
    expect(selection.leftOut()).toMatchObject([{ reason: 'outside of the time range by their names', files: 2 }]);
  });

  it('reads what a longer bucket may hold, where the job says how long it is, and all where names tell nothing', () => {
    const files = [file(camus(0, 1, 1, BUCKET - 20 * HOUR)), file('part-0.avro')];
    const from = BUCKET + 20 * HOUR;
    expect(select({ from }, files).taken).toEqual([]);
    const archive = { dest: '/camus', bucketMinutes: 48 * 60 };
    expect(select({ from, archive }, files).taken.length).toBe(2);
    expect(select({ from, archive: { dest: '/camus', strayTimes: 'ignore' } }, files).taken.length).toBe(2);
  });

  it('is judged by the folder where the name tells no bucket, and not at all with readAllFiles', () => {
    const range = { from: Date.UTC(2014, 10, 20) };
    const files = [file('part-0.avro'), file('events.1.0.5.10.avro')];
    const { selection, taken } = select(range, files);
    expect(taken).toEqual([]);
    expect(selection.leftOut()).toMatchObject([{ reason: 'outside of the time range by their folders', files: 2 }]);
    expect(select({ ...range, archive: { dest: '/camus', readAllFiles: true } }, files).taken.length).toBe(2);
    const nowhere = files.map(({ path, ...rest }) => ({ ...rest, path: path.replace(FOLDER, '/flat') }));
    expect(select(range, nowhere).taken.length).toBe(2);
  });
});

describe('partitions of the replay topic', () => {
  it('are one, those of the keys, or those of the source', () => {
    const files = [file(camus(5, 1, 1))];
    expect(select({}, files).selection.replayPartitions(9)).toBe(1);
    const keyed = { output: { partitions: 'key', key: 'id', partitionCount: 7 } } as const;
    expect(select(keyed, files).selection.replayPartitions(undefined)).toBe(7);
    const source = { output: { partitions: 'source' } } as const;
    expect(select(source, files).selection.replayPartitions(undefined)).toBe(6);
    expect(select(source, files).selection.replayPartitions(9)).toBe(9);
    const counted = (partitionCount: number) => ({ output: { partitions: 'source' as const, partitionCount } });
    expect(select(counted(8), files).selection.replayPartitions(undefined)).toBe(8);
    const { selection } = select(counted(5), files);
    expect(codeOf(() => selection.replayPartitions(undefined))).toBe('replay-topic-partitions');
  });

  it('of the source are an error where a name tells none', () => {
    expect(codeOf(() => select({ output: { partitions: 'source' } }, [file('part-0.avro')]))).toBe('file-unusable');
  });
});

it('records that are there twice are reported, or an error by choice', () => {
  const files = [file(camus(0, 10, 10)), file(`events.2.0.10.10.${BUCKET}.avro`)];
  expect(select({}, files, pins({ '0': '10' })).selection.finish()).toEqual([
    'partition 0 has 20 records for the offsets 0 to 9',
  ]);
  const { selection } = select({ archive: { dest: '/camus', duplicates: 'fail' } }, files, pins({ '0': '10' }));
  expect(codeOf(() => selection.finish())).toBe('duplicates');
});

describe('a second writer', () => {
  it('is told by files whose names tell no offsets, and that are younger than the pinned run', () => {
    const pinned = { ...pins({ '0': '10' }), endedAt: PINNED_AT + HOUR };
    const young = file('events+0+0000000010+0000000019.avro', PINNED_AT + HOUR + 1);
    const { selection } = select({}, [file(camus(0, 10, 10)), young], pinned);
    expect(selection.finish()).toEqual([expect.stringContaining(young.path)]);
    expect(selection.incomplete()).toContain('1 file');
    const old = select({}, [file(camus(0, 10, 10)), { ...young, modifiedAt: PINNED_AT + HOUR }], pinned);
    expect([old.selection.finish(), old.selection.incomplete()]).toEqual([[], undefined]);
  });

  it('may hold what names do not: then missing runs are remarks alone', () => {
    const pinned = { ...pins({ '0': '20' }), boundaries: { '0': ['10', '20'] }, endedAt: PINNED_AT + HOUR };
    const { selection } = select({}, [file(camus(0, 10, 10)), file('part-0.avro')], pinned);
    expect(selection.finish()).toEqual([expect.stringMatching(/no file.*10 to 19.*1 file.*no offsets/)]);
    expect(selection.incomplete()).toBeUndefined();
  });
});
