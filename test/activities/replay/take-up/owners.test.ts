// A job is one workflow's at a time, whatever it is called: the one that began it, or the one that took it up last.
// Whoever else comes, to take it up or to remove its staging, is told who runs it; also where two come at once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { ownedStep } from '../../../../activities/replay/owned-step.ts';
import { removeStaging } from '../../../../activities/replay/remove-staging.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { stepContext } from '../../../support/step-context.ts';

const FIRST = 'replay-events/run-1';
const input: ReplayInput = { topic: 'events', archive: { input: '/in/*', format: 'text' }, staging: '/staging' };
const takeUp = { ...input, takeUp: FIRST };
const removal = { job: FIRST, topic: 'events', staging: '/staging' };

let store: MemoryFileStore;
/** Workflows that run, as Temporal says. */
let running: Set<string>;
let worker: MemoryWorker;

const temporal = {
  namespace: 'default',
  isRunning: async ({ workflowId, runId }: { workflowId: string; runId: string }) =>
    running.has(`${workflowId}/${runId}`),
  keywordAttributes: async () => [],
};
const contextOf = (workflowId: string, runId = 'run') => stepContext({ temporal, workflow: { workflowId, runId } });

beforeEach(async () => {
  store = new MemoryFileStore();
  running = new Set([FIRST]);
  worker = new MemoryWorker(store, {}, { temporal });
  await worker.validate(input, FIRST);
});

/** As a workflow that runs from now on. */
const comes = (id: string) => {
  running.add(id);
  return worker.validate(takeUp, id);
};

describe('a job that was taken up', () => {
  it('is not taken up while its first workflow runs, nor while the one runs that has it', async () => {
    await expect(comes('a/1')).rejects.toMatchObject({ code: 'take-up-running', facts: { owner: FIRST } });
    running.clear();
    await comes('b/1');
    await expect(comes('c/1')).rejects.toMatchObject({ code: 'take-up-running', facts: { owner: 'b/1' } });
    running = new Set();
    expect(await comes('c/1')).toMatchObject({ id: FIRST });
  });

  it('is the same workflow’s on every attempt of that one', async () => {
    running.clear();
    await comes('b/1');
    expect(await comes('b/1')).toMatchObject({ id: FIRST });
  });

  it('is not begun again by a reset of the first workflow while another one runs it', async () => {
    running.clear();
    await comes('b/1');
    running.add(FIRST);
    await expect(worker.validate(input, FIRST)).rejects.toMatchObject({ facts: { owner: 'b/1' } });
    running.delete('b/1');
    expect(await worker.validate(input, FIRST)).toMatchObject({ id: FIRST });
    await expect(comes('c/1')).rejects.toMatchObject({ code: 'take-up-running', facts: { owner: FIRST } });
  });

  it('is one workflow’s where two come at the same moment', async () => {
    running.clear();
    // Both have looked before either says that it is there.
    const write = store.write.bind(store);
    let claims = 0;
    let bothLooked = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothLooked = resolve));
    store.write = async (path, ...rest) => {
      if (path.includes('/owner-')) {
        if ((claims += 1) === 2) bothLooked();
        await both;
      }
      return write(path, ...rest);
    };
    const came = await Promise.allSettled([comes('b/1'), comes('c/1')]);
    expect(came.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(came.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'take-up-running', message: expect.stringMatching(/the workflow [bc]\/1 runs it/) as string },
    });
  });

  it('is not gone on with by a run of the first workflow that was reset to its middle', async () => {
    running.clear();
    const job = await comes('b/1');
    const step = ownedStep(worker.deps, async () => 'done');
    await expect(step({ job }, contextOf('replay-events'))).rejects.toMatchObject({ code: 'staging-in-use' });
    await expect(step({ job }, contextOf('replay-events'))).rejects.toThrow('The workflow b/1 has taken up the job');
    expect(await step({ job }, contextOf('b', '1'))).toBe('done');
    running.delete('b/1');
    expect(await step({ job }, contextOf('replay-events'))).toBe('done');
  });
});

describe('staging', () => {
  const clean = () => removeStaging(worker.deps)(removal, contextOf('clean-1'));

  it('is not removed while the job’s own workflow runs', async () => {
    await expect(clean()).rejects.toMatchObject({ code: 'staging-in-use', facts: { owner: FIRST } });
  });

  it('is not removed while a workflow that has taken the job up runs', async () => {
    running.clear();
    const { staging } = await comes('b/1');
    await expect(clean()).rejects.toMatchObject({ code: 'staging-in-use', facts: { owner: 'b/1' } });
    expect(await store.status(`${staging}/job.json`)).toBeDefined();
    running.clear();
    expect(await clean()).toMatchObject({ removed: true });
    expect(await store.status(staging)).toBeUndefined();
    expect(await clean()).toMatchObject({ removed: false });
    expect(await store.status(staging)).toBeUndefined();
  });

  it('is not taken up while it is removed', async () => {
    running = new Set(['clean-1/run']);
    const deleting = store.delete.bind(store);
    let refused: unknown;
    store.delete = async (path, options) => {
      if (options?.recursive === true) refused ??= await comes('b/1').catch((error: unknown) => error);
      return deleting(path, options);
    };
    expect(await clean()).toMatchObject({ removed: true });
    expect(refused).toMatchObject({ code: 'take-up-running', facts: { owner: 'clean-1/run' } });
  });
});
