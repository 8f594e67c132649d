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

it('lists the first hundred thousand errors of a run, the last of which says how many more there are', () => {
  const errors = Array.from({ length: COUNT }, (_, n): PulledError => ({
    kind: 'error',
    topic: 't',
    partition: 0,
    offset: String(n),
    message: `bad ${n}`,
  }));
  const accepted = { partition, next: BigInt(COUNT), ranges: [], problem: undefined };
  const plan = { head: { execution: 'e', plannedAt: 0 }, partitions: [partition] } as unknown as RunPlan;
  const decide = (some: PulledError[]) =>
    buildDecision(jobOf('a/1'), plan, [accepted], { ranges: new Map(), files: [], errors: some, counts: [] }, 0).errors;
  expect(decide(errors.slice(0, 100_000))).toEqual(errors.slice(0, 100_000));
  const listed = decide(errors);
  expect(listed).toHaveLength(100_000);
  expect(listed.slice(0, -1)).toEqual(errors.slice(0, 99_999));
  expect(listed.at(-1)?.message).toMatch(/^6 more errors of this run/);
});
