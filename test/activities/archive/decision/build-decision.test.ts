// What a decision holds is bounded, and says what it leaves out.
import { expect, it } from 'vitest';
import { buildDecision } from '../../../../activities/archive/decision/build-decision.ts';
import type { PulledError } from '../../../../activities/archive/pull/pull-report.ts';
import type { RunPlan } from '../../../../activities/archive/plan/plan-file.ts';
import { jobOf } from '../pulled-run.ts';

const COUNT = 100_005;
const partition = {
  ...({ kind: 'partition', topic: 't', partition: 0, leader: '1' } as const),
  missing: [],
  ...{ start: '0', to: String(COUNT), stable: String(COUNT), latest: String(COUNT) },
};

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
