// What a job says itself decides before any file is looked at: whether windows may do, and why not.
import { expect, it } from 'vitest';
import {
  mayHaveOffsetWindows,
  mayHaveWindows,
  whyWhole,
} from '../../../../activities/replay/windows/may-have-windows.ts';
import { replayJob } from '../../../support/replay-job.ts';

const OWN = { dest: '/camus' };
const RECORDS = { dest: '/camus', format: 'record' } as const;
const job = (input: Parameters<typeof replayJob>[0]) => replayJob({ archive: OWN, ...input });
const { sort: _none, ...older } = job({});
const decodedApart = { ...job({ sort: 'auto' }), tuning: { ...job({}).tuning, decodeTaskQueue: 'decoders' } };

it.each([
  ['by time', job({ sort: 'auto' }), true, false],
  ['by places', job({ sort: 'auto', order: 'file' }), true, false],
  [
    'by places, with times that stray',
    job({ sort: 'auto', order: 'file', archive: { ...OWN, strayTimes: 'report' } }),
    true,
    false,
  ],
  ['of whole records', job({ sort: 'auto', archive: RECORDS, order: 'offset' }), false, true],
  [
    'that asks for them, with times that stray',
    job({ sort: 'windows', archive: { ...OWN, strayTimes: 'report' } }),
    true,
    false,
  ],
  ['that asks for them, with decoding apart', { ...decodedApart, sort: 'windows' as const }, true, false],
])('a job %s may have windows', (_, asked, ofTimes, ofOffsets) => {
  expect([mayHaveWindows(asked), mayHaveOffsetWindows(asked)]).toEqual([ofTimes, ofOffsets]);
  expect(whyWhole(asked)).toBeUndefined();
});

it.each([
  ['that asks for the whole', job({ sort: 'whole' }), 'sort "whole"'],
  ['that an older release began', older, 'sort "whole"'],
  ['by offsets in names', job({ sort: 'auto', order: 'offset' }), 'offsets in names'],
  ['whose workers decode apart', decodedApart, 'decodeTaskQueue'],
  [
    'with times that stray',
    job({ sort: 'auto', archive: { ...OWN, strayTimes: 'report' } }),
    'archive.strayTimes "report"',
  ],
  ['with times before 1970', job({ sort: 'auto', output: { invalidTimestamps: 'clamp' } }), 'before 1970'],
  ['of whole records by time', job({ sort: 'auto', archive: RECORDS, order: 'time' }), 'something else sorts them'],
  [
    'that ends for gaps',
    job({ sort: 'auto', order: 'offset', archive: { ...RECORDS, gaps: 'fail' } }),
    'archive.gaps "fail"',
  ],
  [
    'of lines of NiFi',
    job({ sort: 'auto', order: 'offset', archive: { dest: '/n', format: 'nifi' } }),
    'before they are read',
  ],
])('a job %s is sorted as a whole, and it is said why', (_, asked, why) => {
  expect([mayHaveWindows(asked), mayHaveOffsetWindows(asked)]).toEqual([false, false]);
  expect(whyWhole(asked)).toContain(why);
});
