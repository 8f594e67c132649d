// What is said of a workflow that was cancelled: what it may have done by then is not called nothing.
import { expect, test } from 'vitest';
import { goesOn } from '../../cli/goes-on.ts';
import { WORKFLOW_KINDS } from '../../cli/workflow-kind.ts';

test('only what reads and tells has changed nothing', () => {
  const nothing = WORKFLOW_KINDS.filter((kind) => goesOn(kind, 'w').startsWith('Nothing was changed'));
  expect(nothing).toEqual(['plan', 'verify']);
});

test('the finishing of an archive is gone on with by itself, or by the next archive', () => {
  expect(goesOn('finish', 'w')).toMatch(/archive-finish, or the next rewind archive, brings the rest to its end/);
});
