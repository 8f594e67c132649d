// Lists tell workflows apart by what they are for: plans have types of their own, and those of inputs with `plan: true` a memo.
import { expect, test } from 'vitest';
import { JOB_KINDS, kindOf, listQuery } from '../../cli/workflow-kind.ts';

test.each([
  ['replay', {}, 'replay-events', 'replay'],
  ['replay', { kind: 'plan' }, 'any', 'plan'],
  ['replay', { kind: 'offsets' }, 'offsets-events', 'offsets'],
  ['replay', {}, 'plan-events-01234567-89ab-4cde-8f01-23456789abcd', 'plan'],
  ['replay', {}, 'plan-b', 'replay'],
  ['replay', { kind: 'nonsense' }, 'x', 'replay'],
  ['replayPlan', {}, 'x', 'plan'],
  ['archivePlan', {}, 'x', 'plan'],
  ['rangesPlan', {}, 'x', 'plan'],
  ['cleanStaging', {}, 'clean-x', 'clean'],
  ['pizza', {}, 'x', undefined],
])('a workflow %s with the memo %j, called %s, is a %s', (type, memo, workflowId, kind) => {
  expect(kindOf({ type, memo, workflowId })).toBe(kind);
});

test('jobs are asked for by the types that hold them', () => {
  expect(listQuery(JOB_KINDS)).toBe('WorkflowType IN ("replay")');
  expect(listQuery(['plan'])).toBe(
    'WorkflowType IN ("replay", "archive", "ranges", "replayPlan", "archivePlan", "rangesPlan")',
  );
  expect(listQuery(['archive'])).toBe('WorkflowType IN ("archive")');
  expect(listQuery(['clean'])).toBe('WorkflowType IN ("cleanStaging")');
});

test('an archive is told from a plan of one by its memo', () => {
  const archive = { type: 'archive', workflowId: 'archive-exec' };
  expect(kindOf({ ...archive, memo: { kind: 'archive' } })).toBe('archive');
  expect(kindOf(archive)).toBe('archive');
  expect(kindOf({ ...archive, memo: { kind: 'plan' } })).toBe('plan');
  expect(kindOf({ type: 'finishArchive', workflowId: 'x' })).toBe('finish');
});
