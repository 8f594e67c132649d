import { expect, it } from 'vitest';
import type { ArchivePlan } from '../../activities/archive/plan/archive-plan.ts';
import { archivePlanLines } from '../../cli/archive-lines.ts';

const PLAN: ArchivePlan = {
  plan: true,
  ready: true,
  execution: '2026-11-28-10-00-00',
  predecessor: undefined,
  unfinished: undefined,
  topics: {
    taken: 1,
    leftOut: [
      { topic: '__consumer_offsets', why: 'internal' },
      ...Array.from({ length: 7 }, (_, n) => ({ topic: `t${n}`, why: 'not included' })),
    ],
    moreLeftOut: 3,
  },
  partitions: [
    {
      ...{ topic: 't', partition: 0, stored: '5', earliest: '8', start: '8', stable: '20', latest: '22' },
      ...{ lag: '12', lagBytes: '1024', reads: '12', heldBack: '2' },
      missing: [{ from: '5', to: '8', why: 'deleted in Kafka' }],
    },
  ],
  morePartitions: 0,
  ranges: 1,
  pulls: 1,
  lag: { offsets: '12', bytes: '1024' },
  space: { free: undefined, quota: undefined },
  rights: [],
  leftovers: { files: 0, examples: [] },
  problems: [],
  moreProblems: 0,
  remarks: [],
};

it('says what a quota leaves, and of one that leaves no room for a file how it is raised', () => {
  const quota = { path: '/camus', bytes: '2048', used: '1024' };
  const full = 'the quota on /camus leaves 1024 of 2048 bytes, and a file takes 134217728';
  const lines = archivePlanLines({ ...PLAN, space: { free: '1048576', quota }, noRoom: [full] });
  expect(lines).toContain('free on HDFS: 1.0 MiB, of which the quota on /camus leaves 1.0 KiB');
  expect(lines).toContain(`no room: ${full}`);
});

it('says of a plan which topics it leaves out and why, where logs begin and end, and what is missing', () => {
  const lines = archivePlanLines(PLAN);
  expect(lines).toContain('left out (internal): __consumer_offsets');
  expect(lines).toContain('left out (not included): t0, t1, t2, t3, t4 and 2 more');
  expect(lines).toContain('and 3 more topics are left out');
  expect(lines.find((line) => line.startsWith('t-0'))).toMatch(/^t-0 +5 +8 +8 +20 +22 +12 +1.0 KiB +2/);
  expect(lines).toContain('gap: t-0, offsets 5 to before 8: deleted in Kafka');
});

it('says what a run would end with for what is below DEST, or how many files are beyond the offsets', () => {
  const leftovers = { files: 2, examples: ['/dest/t/a', '/dest/t/b'] };
  const told = 'leftovers: 2 files beyond the stored offsets, such as /dest/t/a';
  expect(archivePlanLines({ ...PLAN, leftovers })).toContain(told);
  const problem = '/exec/history has no execution from which to go on';
  expect(archivePlanLines({ ...PLAN, leftovers: { ...leftovers, problem } })).toContain(`leftovers: ${problem}`);
});
