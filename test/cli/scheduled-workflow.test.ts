// A Schedule starts the workflow whose job it is given, as the job's fields tell.
import { expect, test } from 'vitest';
import { workflowOf } from '../../cli/commands/schedule.ts';

test.each([
  ['replay', { topic: 'events', archive: {} }],
  ['archive', { topics: { include: ['events'] }, dest: '/archive' }],
  ['ranges', { inputs: [], function: 'f' }],
  ['verify', { topic: 'events', archive: {}, verify: {} }],
  ['replay', { topic: 'events', dest: '/wrong' }],
])('%s: %j', (workflow, job) => {
  expect(workflowOf(job)).toBe(workflow);
});
