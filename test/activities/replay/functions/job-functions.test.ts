// A job goes on with the functions that it began with: a worker whose module is another one leaves the step to others.
import { expect, it } from 'vitest';
import type { Dependencies } from '../../../../activities/dependencies.ts';
import { functionsHashOf, functionsPathOf } from '../../../../activities/replay/functions/job-functions.ts';
import { replayJob } from '../../../support/replay-job.ts';

const names = { time: [], filter: ['even'], transform: [], encoding: [] };
const worker = (hash?: string): Dependencies =>
  ({
    functions: async () => (hash === undefined ? undefined : { path: '/functions.js', hash, names }),
  }) as unknown as Dependencies;
const job = { ...replayJob({ functions: { filter: 'even' } }), functionsHash: 'aaaa' };

it('the module that the job began with is used', async () => {
  expect(await functionsHashOf(worker('aaaa'), job)).toBe('aaaa');
  expect(await functionsPathOf(worker('aaaa'), job)).toBe('/functions.js');
});

it('another module is refused, so that another worker does the step', async () => {
  await expect(functionsPathOf(worker('bbbb'), job)).rejects.toMatchObject({
    fault: 'unavailable',
    retryable: true,
    facts: { hash: 'bbbb', expected: 'aaaa' },
  });
});

it('a worker without a module refuses a job that names functions, and takes one that names none', async () => {
  await expect(functionsHashOf(worker(), job)).rejects.toMatchObject({ code: 'function-unknown' });
  expect(await functionsHashOf(worker(), replayJob())).toBeUndefined();
  expect(await functionsPathOf(worker(), replayJob())).toBeUndefined();
});
