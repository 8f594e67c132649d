// What a person reads of an examination: a line for each fact, two for each fault, and the sum.
import { expect, test } from 'vitest';
import { doctorLines } from '../../cli/doctor-lines.ts';
import { complaints, doctorReport } from '../../workers/doctor/doctor-report.ts';

const REPORT = doctorReport([
  {
    kind: 'hdfs',
    name: 'default',
    server: 'http://nn:9870',
    findings: [
      { about: 'reached', verdict: 'fine', says: 'http://nn:9870 answers' },
      { about: 'rights', verdict: 'fault', says: "/x: can't make a folder", remedy: 'hdfs dfs -chown USER /x' },
      { about: 'clock', verdict: 'warning', says: 'its clock is 9 s behind ours', remedy: 'let both follow ntpd' },
      { about: 'version', verdict: 'untold', says: 'it tells no version' },
    ],
  },
]);

test('a fault is two lines: what is wrong, and what to do', () => {
  expect(doctorLines(REPORT)).toEqual([
    'hdfs.default: http://nn:9870',
    '  ok       reached: http://nn:9870 answers',
    "  FAULT    rights: /x: can't make a folder",
    '           hdfs dfs -chown USER /x',
    '  WARNING  clock: its clock is 9 s behind ours',
    '           let both follow ntpd',
    '  -        version: it tells no version',
    '',
    'NOT ready: 1 fault, 1 warning',
  ]);
});

test('a worker logs what is wrong, each in one line', () => {
  expect(complaints(REPORT)).toEqual([
    "The connection hdfs.default, fault (rights): /x: can't make a folder. What to do: hdfs dfs -chown USER /x.",
    'The connection hdfs.default, warning (clock): its clock is 9 s behind ours. What to do: let both follow ntpd.',
  ]);
});

test('warnings alone leave it healthy', () => {
  const [hdfs] = REPORT.examined;
  const findings = hdfs!.findings.filter(({ verdict }) => verdict !== 'fault');
  expect(doctorReport([{ ...hdfs!, findings }])).toMatchObject({ healthy: true, faults: 0, warnings: 1 });
});
