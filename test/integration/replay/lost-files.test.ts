// Files that can't be read at all: the limit on what is skipped holds though nothing counts their records, the plan tells
// before anything is done, and the result says what was estimated.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayPlan } from '../../../activities/replay/plan/replay-plan.ts';
import { uniqueTopic } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();
const LINES = 200;

/** Five files of plain lines, and five that are damaged in their first bytes. */
async function halfLost(): Promise<ReplayInput> {
  const { harness } = shared;
  const topic = uniqueTopic();
  const folder = `${harness.folder}/${topic}`;
  for (let file = 0; file < 10; file += 1) {
    const plain = Buffer.from(Array.from({ length: LINES }, (_, n) => `{"ts":${1e9 + file * LINES + n}}\n`).join(''));
    if (file < 5) await harness.store.write(`${folder}/part-${file}.json`, [plain]);
    else {
      const damaged = gzipSync(plain);
      damaged[2] = 7;
      await harness.store.write(`${folder}/part-${file}.json.gz`, [damaged]);
    }
  }
  return {
    topic,
    archive: { input: folder },
    time: { field: 'ts', format: 'unix' },
    badData: { policy: 'skip' },
  };
}

test('half of an archive that can not be read is no tenth of a per cent', async () => {
  const job = await halfLost();
  const plan = (await (await shared.harness.start({ ...job, plan: true })).result()) as ReplayPlan;
  expect(plan.problems.map(({ type, step }) => [type, step])).toEqual([['rewind.job.skip-limit', 'decode']]);
  expect(plan.problems[0]!.message).toContain('5 of the 10 files of the sample');
  const failure = await shared.harness.failure(job);
  expect(failure.type).toBe('rewind.job.skip-limit');
  expect(failure.message).toMatch(/estimated by the bytes/);
});

test('where that much is allowed, the result says what was estimated, and the plan remarks on it', async () => {
  const job = { ...(await halfLost()), badData: { policy: 'skip' as const, limitPercent: 90 } };
  const plan = (await (await shared.harness.start({ ...job, plan: true })).result()) as ReplayPlan;
  expect(plan.ready).toBe(true);
  expect(plan.remarks.join()).toContain('5 of the 10 files of the sample');
  const { records } = await shared.harness.replay(job);
  expect(records.published).toBe(String(5 * LINES));
  expect(records.skippedEstimated).toBe(records.skipped);
  expect(records.skippedBy).toEqual({ corrupt: records.skipped });
  expect(records.skipped).toBeGreaterThan(LINES);
});
