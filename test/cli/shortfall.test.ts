// A job that has succeeded may not have reached all that it was for: whoever asks for its result learns so by the exit code.
import { expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-code.ts';
import { jobResultLines } from '../../cli/job-result-lines.ts';
import { Output } from '../../cli/output.ts';
import { shortfallOf } from '../../cli/shortfall.ts';
import { showResult } from '../../cli/show-result.ts';

const archived = {
  ...{ job: 'a/b', topics: 2, files: 1, records: '5', bytes: '9', execution: '2026-11-29-08-01-12', partitions: 2 },
  ...{ left: {}, offsetsLeft: '0', lags: [], problems: [{ topic: 't', message: 't-0: the leader is away' }] },
  ...{ moreProblems: 2, remarks: [], steps: {} },
};
const plan = {
  ...{ plan: true, ready: false, topics: { taken: 1, leftOut: [], moreLeftOut: 0 }, partitions: [], morePartitions: 0 },
  ...{ ranges: 0, pulls: 0, lag: { offsets: '0', bytes: '0' }, space: {}, rights: [], remarks: [], moreProblems: 0 },
  ...{ leftovers: { files: 0, examples: [] }, problems: [{ topic: 't', message: 't: no right to read' }] },
};
const rangesPlan = {
  ...{ plan: true, all: false, ready: false, topics: 1, ranges: 0, offsets: '0', bytes: '0', partitions: [] },
  ...{ problems: ['t: no right to read'], moreProblems: 0, remarks: [] },
};
const rights = { kafka: [], hdfs: [], zookeeper: [] };
const problem = { type: 'rewind.job.no-input-files', step: 'list', message: 'no files', more: 0 };
const replayPlan = { plan: true, topic: 't', ready: false, problems: [problem], remarks: [], rights, seconds: 1 };
const differing = { agrees: false, topic: 't', findings: [1], moreFindings: 1, report: '/staging/t/report.json' };

it.each([
  ['an archive that left topics out', 'archive', archived, /^3 topics were not archived, or not wholly/],
  ['a plan of an archive that is not ready', 'archive', plan, /^A run would not archive everything/],
  ['the same, where that is all that was asked for', 'plan', plan, /^A run would not archive everything/],
  ['a plan of ranges that is not ready', 'ranges', rangesPlan, /^A job would not read all/],
  ['a plan of a replay that has a problem', 'replay', replayPlan, /^The job would not succeed: 1 problem\./],
  ['an archive that differs from its topic', 'verify', differing, /^The archive of t .* differ: 2 findings/],
] as const)('says so of %s', (_what, kind, result, message) => {
  expect(shortfallOf(kind, result)).toMatchObject({
    exitCode: EXIT.failed,
    message: expect.stringMatching(message) as string,
  });
});

it.each([
  ['an archive', 'archive', { ...archived, problems: [], moreProblems: 0 }],
  ['a plan of an archive', 'archive', { ...plan, ready: true }],
  ['a plan of ranges', 'plan', { ...rangesPlan, ready: true }],
  ['a plan of a replay', 'plan', { ...replayPlan, ready: true }],
  ['a verify', 'verify', { ...differing, agrees: true }],
  ['a replay', 'replay', {}],
] as const)('says nothing of %s that has reached all', (_what, kind, result) => {
  expect(shortfallOf(kind, result)).toBeUndefined();
});

it('comes behind the result, which is shown in any case', () => {
  const shown: string[] = [];
  const output = new Output(false);
  output.result = (_document, lines) => void shown.push(...lines);
  expect(() => showResult(output, 'archive-exec', 'archive', archived)).toThrow('3 topics were not archived');
  expect(shown).toContain('problem: t-0: the leader is away');
});

it.each([
  ['archive', plan, 'problem: t: no right to read'],
  ['ranges', rangesPlan, 'problem: t: no right to read'],
  ['replay', replayPlan, 't: NOT ready'],
  ['offsets', replayPlan, '  rewind.job.no-input-files (list): no files'],
] as const)('shows the plan that a job (%s) with plan in its input has ended with', (kind, result, line) => {
  expect(jobResultLines('job-1', kind, result)).toContain(line);
});
