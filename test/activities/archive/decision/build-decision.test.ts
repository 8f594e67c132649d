// What a decision holds is bounded, and says what it leaves out.
import { expect, it } from 'vitest';
import { buildDecision } from '../../../../activities/archive/decision/build-decision.ts';
import { decidedRun } from '../../../../activities/archive/decision/decided-run.ts';
import type { PulledError, PulledRange } from '../../../../activities/archive/pull/pull-report.ts';
import type { RunPlan } from '../../../../activities/archive/plan/plan-file.ts';
import { jobOf } from '../pulled-run.ts';

const COUNT = 100_005;
const partition = {
  ...({ kind: 'partition', topic: 't', partition: 0, leader: '1' } as const),
  missing: [],
  ...{ start: '0', to: String(COUNT), stable: String(COUNT), latest: String(COUNT) },
};

it('keeps what ranges found deleted beside what the plan knew, ranges that have gone as a whole in one piece', () => {
  const why = 'deleted in Kafka before it was archived';
  const known = { from: '0', to: '5', why };
  const gone = (from: number, to: number): PulledRange => ({
    ...({ kind: 'range', topic: 't', partition: 0, records: 0, bytes: 0, left: {} } as const),
    ...{ from: String(from), to: String(to), next: String(to) },
    missing: [{ from: String(from), to: String(to), why }],
  });
  const ranges = [
    gone(5, 10),
    { ...gone(10, 20), untold: { 'unreadable time': 3 } },
    { ...gone(20, 40), missing: [{ from: '30', to: '35', why }] },
  ];
  const planned = { ...partition, missing: [known], start: '5' };
  const accepted = { partition: planned, next: 40n, ranges, problem: undefined };
  const plan = { head: { execution: 'e', plannedAt: 0, remarks: [] }, partitions: [planned], problems: [] };
  const pulled = { ranges: new Map(), files: [], errors: [], counts: [] };
  const decision = buildDecision(jobOf('a/1'), plan as unknown as RunPlan, [accepted], pulled, 0);
  const found = [
    { from: '5', to: '20', why },
    { from: '30', to: '35', why },
  ];
  expect(decision.partitions[0]?.missing).toEqual([known, ...found]);
  expect(decidedRun(decision, plan as unknown as RunPlan).remarks).toEqual([
    expect.stringMatching(/^t-0: offsets 5 to 19 are lost: Kafka deleted them/),
    expect.stringMatching(/^t-0: offsets 30 to 34 are lost/),
    expect.stringMatching(/^3 records have a time that can't be read/),
  ]);
});

it('lists the first hundred thousand errors of a run, the last of which says how many lines are left out and how many records are bad', () => {
  const errors = Array.from({ length: COUNT }, (_, n): PulledError => ({
    kind: 'error',
    topic: 't',
    partition: 0,
    offset: String(n),
    message: `bad ${n}`,
  }));
  const range = {
    ...({ kind: 'range', topic: 't', partition: 0, from: '0', to: '0', next: '0', records: 0, bytes: 0 } as const),
    left: { schema: 300_000, corrupt: 2, aborted: 7 },
  };
  const accepted = { partition, next: BigInt(COUNT), ranges: [range, range], problem: undefined };
  const plan = { head: { execution: 'e', plannedAt: 0 }, partitions: [partition] } as unknown as RunPlan;
  const decide = (some: PulledError[]) =>
    buildDecision(jobOf('a/1'), plan, [accepted], { ranges: new Map(), files: [], errors: some, counts: [] }, 0).errors;
  expect(decide(errors.slice(0, 100_000))).toEqual(errors.slice(0, 100_000));
  const listed = decide(errors);
  expect(listed).toHaveLength(100_000);
  expect(listed.slice(0, -1)).toEqual(errors.slice(0, 99_999));
  expect(listed.at(-1)?.message).toMatch(/^6 more lines of errors are left out: the 600004 bad records of this run/);
});

it('names the first few files whose names were taken, and counts all', () => {
  const file = (n: number) => ({
    ...({ kind: 'file', topic: 't', partition: 0, records: 1, length: 1 } as const),
    ...{ from: `/staging/${n}`, to: `/dest/t/t.1.0.1.${n}.0.again1.gz`, first: '0', next: '1' },
  });
  const plan = { head: { execution: 'e', plannedAt: 0, remarks: [] }, partitions: [], problems: [] };
  const nothing = { ranges: new Map(), files: [], errors: [], counts: [] };
  const decision = buildDecision(jobOf('a/1'), plan as unknown as RunPlan, [], nothing, 0);
  const files = Array.from({ length: 1000 }, (_, n) => file(n + 1));
  const [remark, ...more] = decidedRun({ ...decision, files }, plan as unknown as RunPlan).remarks;
  expect(more).toEqual([]);
  expect(remark).toMatch(
    /^1000 files have other names since their own were taken: \/dest\/t\/t.1.0.1.1.0.again1.gz beside \/dest\/t\/t.1.0.1.1.0.gz, /,
  );
  expect(remark!.match(/ beside \//g)).toHaveLength(5);
});
