// What never comes to an end, a pattern that backtracks or a function of the user's own, ends the job by itself, with
// file and record. The worker goes on: the thread is replaced, and its memory is free again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import { stackEnvironment } from '../../../scripts/stack/stack-addresses.ts';
import { uniqueTopic } from '../../support/test-archive.ts';
import { runRewind } from '../cli/run-rewind.ts';
import { OneWorker } from './one-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewind-endless-'));
afterAll(() => rmSync(folder, { recursive: true }));

function moduleOf(name: string, source: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return path;
}

const MODULE = moduleOf(
  'functions',
  'export const filter = { forever: ({ value }) => { while (value.n === 2); return true; } };',
);
/** Memory for one sort buffer and no more, and one thread: what a hung split kept would be missed at once. */
const shared = new OneWorker({
  REWIND_FUNCTIONS: MODULE,
  REWIND_RECORD_TIMEOUT_MS: '2000',
  REWIND_THREADS: '1',
  REWIND_SPLIT_MIB: '48',
  REWIND_MEMORY_MIB: '96',
});

const PATTERN = { pattern: '^(a+)+ (?<time>\\d+)$', format: 'unix' };

async function linesOf(topic: string, lines: string[]): Promise<ReplayInput> {
  const { harness } = shared;
  await harness.store.write(`${harness.folder}/${topic}/lines.log`, [Buffer.from(lines.join('\n'))]);
  return { topic, archive: { input: `${harness.folder}/${topic}`, format: 'text', strayTimes: 'report' } };
}

const GOOD = 'a 5';
const ENDLESS = 'a'.repeat(40);

test('a pattern that backtracks for ever is found in the sample, and by the plan', async () => {
  const topic = uniqueTopic();
  const job = { ...(await linesOf(topic, [GOOD, GOOD, ENDLESS, GOOD])), time: PATTERN };
  const failure = await shared.harness.failure(job);
  expect(failure.type).toBe('rewind.job.record-timeout');
  expect(failure.message).toMatch(
    /lines\.log at byte 8, record 2: the expression time\.pattern has not come to an end/,
  );
  const plan = (await (await shared.harness.start({ ...job, plan: true })).result()) as ReplayPlan;
  expect(plan.problems.map(({ type, step }) => [type, step])).toEqual([['rewind.job.record-timeout', 'decode']]);
});

test('behind the sample it ends the step that decodes, and a job after it has thread and memory', async () => {
  const topic = uniqueTopic();
  const many = Array.from({ length: 300_000 }, () => GOOD);
  const job = { ...(await linesOf(topic, [...many, ENDLESS])), time: PATTERN };
  const failure = await shared.harness.failure({ ...job, badData: { policy: 'skip' } });
  expect(failure.type).toBe('rewind.job.record-timeout');
  expect(failure.message).toContain(`lines.log at byte ${4 * many.length}, record ${many.length}: `);
  const next = uniqueTopic();
  const result = await shared.harness.replay({ ...(await linesOf(next, [GOOD, GOOD])), time: PATTERN });
  expect(result.records.published).toBe('2');
});

test('a verify ends with it as well, in the thread that counts, and the next one has that thread', async () => {
  const { harness } = shared;
  const verifyOf = async (lines: string[]) => {
    const topic = uniqueTopic();
    await harness.createSource(topic, [{ partition: 0, offset: 2n }]);
    const verify = { against: ['source'], value: 'none' };
    const { taskQueue } = harness;
    const args = [{ ...(await linesOf(topic, lines)), time: PATTERN, verify }];
    return harness.client.workflow.start('verify', { args, taskQueue, workflowId: `verify-${topic}` });
  };
  const message = /\/lines\.log at byte 4, record 1: the expression time\.pattern has not come to an end/;
  const failure = await harness.failureOf(await verifyOf([GOOD, ENDLESS]));
  expect(failure).toEqual({
    type: 'rewind.job.record-timeout',
    message: expect.stringMatching(message) as string,
  });
  const result: unknown = await (await verifyOf([GOOD, GOOD])).result();
  expect(result).toMatchObject({ targets: [{ archive: '2' }] });
});

test('so does a function that does not return', async () => {
  const topic = uniqueTopic();
  const lines = [1, 2, 3].map((n) => JSON.stringify({ ts: n, n }));
  const job = { ...(await linesOf(topic, lines)), time: { field: 'ts', format: 'unix' } };
  const failure = await shared.harness.failure({ ...job, functions: { filter: 'forever' } });
  expect(failure.type).toBe('rewind.job.record-timeout');
  expect(failure.message).toMatch(
    /lines\.log at byte 15, record 1: the function filter\.forever has not come to an end/,
  );
});

test.each([
  ['is in a loop', 'for (;;);'],
  ['waits for ever', 'setInterval(() => 0, 1000); await new Promise(() => 0);'],
])('a worker does not start with a module whose top level %s, and says so', async (what, source) => {
  const path = moduleOf(what.replaceAll(' ', '-'), `${source} export const filter = { all: () => true };`);
  const environment = {
    ...stackEnvironment(inject('stack')),
    REWIND_FUNCTIONS: path,
    REWIND_RECORD_TIMEOUT_MS: '1000',
  };
  const { code, err } = await runRewind(shared.harness, ['worker'], { environment });
  expect(code).toBe(2);
  expect(err).toContain(`functions module ${path} has not come to the end of its loading in 1000 ms`);
});
