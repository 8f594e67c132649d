// Windows come from names alone: as many as there can be so that no file, and no hour that clocks show twice, is in two.
import { describe, expect, it } from 'vitest';
import type { ManifestFile, Split } from '../../../../activities/replay/manifest/manifest.ts';
import { BucketSplits } from '../../../../activities/replay/windows/bucket-splits.ts';
import { fileTimes } from '../../../../activities/replay/windows/file-times.ts';
import {
  WindowPlanner,
  type PlannedWindow,
  type Window,
} from '../../../../activities/replay/windows/window-planner.ts';
import {
  decodeWindows,
  encodeWindows,
  windowAt,
  windowOfSplit,
} from '../../../../activities/replay/windows/window-table.ts';
import { archiveFileName } from '../../../../layouts/camus/archive-file-name.ts';
import { TimePartitions } from '../../../../layouts/camus/time-partitions.ts';
import { replayJob } from '../../../support/replay-job.ts';

const HOUR = 3_600_000;
const MIB = 1024 * 1024;
const at = (text: string): number => Date.parse(text);

interface PlannedFile {
  path: string;
  length?: number;
  cuttable?: boolean;
}

function plan(
  files: Iterable<PlannedFile>,
  splitBytes = 8 * MIB,
  archive = {},
): { windows: PlannedWindow[]; splits: Split[] } {
  const job = replayJob({ archive: { dest: '/camus', ...archive } });
  const planner = new WindowPlanner();
  const planning = new BucketSplits(splitBytes, (path) => fileTimes(job, path), planner);
  const splits: Split[] = [];
  for (const { path, length = MIB, cuttable = false } of files)
    splits.push(...planning.add({ path, length, modifiedAt: 1 }, cuttable));
  splits.push(...planning.end());
  return { windows: planner.windows(), splits };
}

interface CamusFileOptions extends Omit<PlannedFile, 'path'> {
  timeZone?: string;
  folders?: string;
  partition?: number;
}

/** A file of Camus whose bucket begins then, in the folder of the clocks of a zone. */
function camusFile(
  start: number,
  { timeZone = 'UTC', folders = 'hourly', partition = 0, ...rest }: CamusFileOptions = {},
): PlannedFile {
  const clocks = new TimePartitions({ timeZone, folders });
  const name = { topic: 'events', node: '0', partition, count: 1, nextOffset: 1n, bucketStartMs: start };
  return { path: `/camus/events/${clocks.of(start).folder}/${archiveFileName(name)}`, ...rest };
}

const hours = (from: string, count: number, options = {}): PlannedFile[] =>
  Array.from({ length: count }, (_, hour) => camusFile(at(from) + hour * HOUR, options));

/** Days on which clocks go back somewhere, less a margin at both ends of each time. */
function* halfHours(margin: number): Generator<number> {
  for (const [from, to] of [
    ['2014-04-05T00:00Z', '2014-04-07T00:00Z'],
    ['2014-10-25T00:00Z', '2014-10-27T00:00Z'],
    ['2014-11-01T00:00Z', '2014-11-03T12:00Z'],
  ] as const)
    for (let time = at(from) + margin; time < at(to) - margin; time += HOUR / 2) yield time;
}

const bounds = (windows: Window[]): string[] =>
  windows.map(({ from, to }) =>
    [from, to].map((end) => (Math.abs(end) === Infinity ? '' : new Date(end).toISOString().slice(0, 16))).join(' '),
  );

describe('windows of hourly buckets', () => {
  it('are the hours, from each to the next, without a beginning and an end', () => {
    const { windows } = plan(hours('2014-11-02T01:00Z', 3));
    expect(bounds(windows)).toEqual([' 2014-11-02T02:00', '2014-11-02T02:00 2014-11-02T03:00', '2014-11-02T03:00 ']);
  });

  it('hold several hours where these share a split, and all splits of an hour that has more', () => {
    const small = hours('2014-11-02T01:00Z', 20, { length: MIB / 4 });
    const large = Array.from({ length: 30 }, (_, partition) => camusFile(at('2014-11-03T00:00Z'), { partition }));
    const { windows, splits } = plan([...small, ...large, ...hours('2014-11-03T01:00Z', 2)]);
    expect(
      windows.map(({ firstSplit, endSplit }) => splits.slice(firstSplit, endSplit).map(({ files }) => files.length)),
    ).toEqual([[4], [4], [4], [4], [4], [...Array.from({ length: 7 }, () => 1), 8, 8, 7], [1], [1]]);
    expect(windows.map(({ bytes }) => bytes / MIB)).toEqual([1, 1, 1, 1, 1, 30, 1, 1]);
  });

  it('hold a file that is cut whole, and no other hour', () => {
    const files = [
      camusFile(at('2014-11-02T01:00Z')),
      camusFile(at('2014-11-02T02:00Z'), { length: 20 * MIB, cuttable: true }),
      camusFile(at('2014-11-02T02:00Z'), { partition: 1 }),
      camusFile(at('2014-11-02T03:00Z')),
    ];
    const { windows, splits } = plan(files);
    expect(windows.map(({ bytes }) => bytes / MIB)).toEqual([1, 21, 1]);
    // The first as long as few bytes of the hour are cut, and one that is larger.
    expect(splits).toHaveLength(1 + 9 + 1 + 1);
    const ranges = splits.flatMap(({ range }) => (range === undefined ? [] : [range.start / MIB, range.end / MIB]));
    expect(ranges).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 20]);
  });

  it('hold a file that is far too large for memory in few parts', () => {
    const large = camusFile(at('2014-11-02T02:00Z'), { length: 100 * 1024 * MIB, cuttable: true });
    const { windows, splits } = plan([camusFile(at('2014-11-02T01:00Z')), large], 48 * MIB);
    expect(windows).toHaveLength(2);
    expect(splits.length).toBeLessThan(60);
    expect(splits.at(-1)?.range?.end).toBe(100 * 1024 * MIB);
  });

  it.each(['America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'])(
    'put the hours around the one that clocks show twice into one window, in %s, whatever zone the job has',
    (timeZone) => {
      const clocks = new TimePartitions({ timeZone });
      // As Camus names buckets: by what clocks show, so that two hours of one name are one bucket.
      const shown = new Map<string, number>();
      const standard = ['America/Los_Angeles', 'UTC'].includes(timeZone) ? 'first' : 'second';
      for (const time of halfHours(0)) {
        const { start, folder } = clocks.of(time);
        if (standard === 'second' || !shown.has(folder)) shown.set(folder, start);
      }
      const files = [...shown.values()].map((start) => camusFile(start, { timeZone, length: 9 * MIB }));
      const { windows } = plan(files);
      const joined = files.length - windows.length;
      expect([Math.min(joined, 1), joined > 2]).toEqual([timeZone === 'UTC' ? 0 : 1, false]);
      // Each half hour is in the window of the bucket that Camus puts it into.
      for (const time of halfHours(HOUR)) {
        const bucket = shown.get(clocks.of(time).folder)!;
        expect(windowAt(windows, time)).toBe(windowAt(windows, bucket));
      }
    },
  );

  it('reach an hour back behind a hole in which clocks may have gone back', () => {
    const files = [camusFile(at('2014-10-25T22:00Z')), camusFile(at('2014-10-26T01:00Z'))];
    expect(bounds(plan(files.map((file) => ({ ...file, length: 9 * MIB }))).windows)[1]).toBe('2014-10-26T00:00 ');
  });

  it('are fewer where a file reaches back', () => {
    const late = camusFile(at('2014-11-02T03:00Z'), { partition: 7 });
    const { windows } = plan([
      ...hours('2014-11-02T01:00Z', 6, { length: 9 * MIB }),
      { ...late, path: late.path.replace('/hourly/', '/late/') },
    ]);
    expect(bounds(windows)).toEqual([' 2014-11-02T02:00', '2014-11-02T02:00 2014-11-02T03:00', '2014-11-02T03:00 ']);
  });
});

describe('windows of other archives', () => {
  it('are days where folders are, and the length that the job says', () => {
    const days = Array.from({ length: 3 }, (_, day) =>
      camusFile(at('2014-11-02') + day * 24 * HOUR, { folders: 'daily', length: 9 * MIB }),
    );
    expect(bounds(plan(days).windows)).toEqual([
      ' 2014-11-03T00:00',
      '2014-11-03T00:00 2014-11-04T00:00',
      '2014-11-04T00:00 ',
    ]);
    expect(plan(days, 8 * MIB, { bucketMinutes: 60 }).windows).toHaveLength(3);
    expect(plan(days, 8 * MIB, { bucketMinutes: 2880 }).windows).toHaveLength(1);
  });

  it.each([
    ['names tell no time', ['/camus/events/a.avro', '/camus/events/b.avro']],
    [
      'one name tells none',
      [camusFile(at('2014-11-02T01:00Z')).path, '/camus/events/other/x.avro', camusFile(at('2014-11-02T03:00Z')).path],
    ],
    [
      'folders alone tell times, which have room on both sides',
      ['/camus/events/daily/2014/11/02/a.avro', '/camus/events/daily/2014/11/03/a.avro'],
    ],
  ])('are one where %s', (_, paths) => {
    expect(bounds(plan(paths.map((path) => ({ path, length: 9 * MIB }))).windows)).toEqual([' ']);
  });

  it('are one where the job says that names tell nothing', () => {
    expect(
      plan(hours('2014-11-02T01:00Z', 3, { length: 9 * MIB }), MIB, { strayTimes: 'ignore' }).windows,
    ).toHaveLength(1);
  });

  it('are found of twenty thousand files, and no list of those is kept', () => {
    let held = 0;
    const counting = function* (): Generator<PlannedFile> {
      for (let hour = 0; hour < 200; hour += 1)
        for (let partition = 0; partition < 100; partition += 1)
          yield {
            path: `/camus/events/hourly/${folderOf(hour)}/events.0.${partition}.1.1.${hour * HOUR}.avro`,
            length: 100 * MIB,
          };
    };
    const job = replayJob();
    const planner = new WindowPlanner();
    const planning = new BucketSplits(48 * MIB, (path) => fileTimes(job, path), planner);
    for (const { path, length = 0 } of counting()) {
      const open: ManifestFile = { path, length, modifiedAt: 1 };
      for (const { files } of planning.add(open, false)) held = Math.max(held, files.length);
    }
    for (const { files } of planning.end()) held = Math.max(held, files.length);
    expect(planner.windows()).toHaveLength(200);
    expect(held).toBeLessThanOrEqual(25);
  });

  it('have few splits where they are far too large for memory, the later the larger', () => {
    const files = Array.from({ length: 3_000 }, (_, partition) =>
      camusFile(at('2014-11-02T01:00Z'), { partition, length: 50 * MIB }),
    );
    const { windows, splits } = plan(files, 48 * MIB);
    expect(windows).toHaveLength(1);
    expect(splits.length).toBeLessThan(60);
    const bytes = splits.map((split) => split.files.length * 50 * MIB);
    expect(bytes.slice(0, -1)).toEqual(bytes.slice(0, -1).toSorted((a, b) => a - b));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(4 * 1024 * MIB);
  });
});

describe('a table of windows', () => {
  it('is read back as it was written, and finds the window of a split and of a time', () => {
    const { windows, splits } = plan(hours('2014-11-02T01:00Z', 50, { length: 9 * MIB }));
    const table = encodeWindows(windows);
    expect(decodeWindows(table, splits.length)).toEqual(windows.map(({ files: _files, ...window }) => window));
    for (const window of windows) {
      expect(windowOfSplit(windows, window.firstSplit)).toBe(window);
      expect(windowOfSplit(windows, window.endSplit - 1)).toBe(window);
      expect(windowAt(windows, Math.max(window.from, 0))).toBe(window);
    }
  });
});

function folderOf(hour: number): string {
  const date = new Date(hour * HOUR).toISOString();
  return `${date.slice(0, 10).replaceAll('-', '/')}/${date.slice(11, 13)}`;
}
