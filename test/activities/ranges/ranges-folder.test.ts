// Jobs for the same groups and topics come one after the other to one folder: what an attempt of an earlier one does there
// late must not touch the next one.
import { beforeEach, expect, it } from 'vitest';
import { ownedStep } from '../../../activities/ranges/owned-step.ts';
import { planRanges } from '../../../activities/ranges/plan-ranges.ts';
import type { RangesJob } from '../../../activities/ranges/job/ranges-job.ts';
import { stepContext } from '../../support/step-context.ts';
import { countRecords, MemoryRanges } from '../../support/memory-ranges.ts';

const job = { inputs: [{ topic: 't', group: 'g', function: 'count' }] };

let ranges: MemoryRanges;
let called: string[];
/** What a function waits for behind its last record. */
let hold: Promise<void>;
beforeEach(async () => {
  called = [];
  hold = Promise.resolve();
  ranges = new MemoryRanges({
    range: {
      count: async (range, records, { attempt }) => {
        called.push(range.id);
        const count = await countRecords(range, records);
        await hold;
        return { count, attempt };
      },
    },
  });
  await ranges.topic('t', ['a', 'b', 'c']);
});

function gate(): { open: () => void; passed: Promise<void> } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

async function ended(of: RangesJob): Promise<void> {
  ranges.running.delete(of.id);
}

it('leaves the folder of the next job where its cleaning is done again, the answer having been lost', async () => {
  const first = await ranges.validate(job);
  await ranges.runAll(first);
  await ranges.finish(first);
  await ranges.move(first);
  await ranges.clean(first);
  await ranges.append('t', 0, ['d']);
  const next = await ranges.validate(job);
  await ranges.runAll(next);
  await ranges.clean(first);
  expect((await ranges.finish(next)).result).toContain('"count":1');
  await ranges.clean(next);
  expect(await ranges.store.status(next.staging)).toBeUndefined();
});

/** Holds one call of those that change something, counted from 0, until the gate opens. */
function sleepAt(call: number, passed: Promise<void>, asleep: () => void): void {
  const { store } = ranges;
  let calls = 0;
  const held = async (): Promise<void> => {
    if (calls++ !== call) return;
    asleep();
    await passed;
  };
  const [rename, remove] = [store.rename.bind(store), store.delete.bind(store)];
  store.rename = async (...of) => {
    await held();
    return rename(...of);
  };
  store.delete = async (...of) => {
    await held();
    return remove(...of);
  };
}

it.each([0, 1, 2, 3, 4])(
  'leaves the next job all that it has, where its cleaning slept before change %d',
  async (call) => {
    const first = await ranges.validate(job);
    await ranges.runAll(first);
    await ranges.finish(first);
    await ranges.move(first);
    const { open, passed } = gate();
    const asleep = gate();
    sleepAt(call, passed, asleep.open);
    const late = ranges.clean(first);
    await Promise.race([asleep.passed, late]);
    await ranges.clean(first);
    await ended(first);
    await ranges.append('t', 0, ['d', 'e']);
    const next = await ranges.validate(job);
    await ranges.runAll(next);
    open();
    await late;
    // A third one is refused, and the next one comes to its end.
    await expect(ranges.validate(job)).rejects.toMatchObject({ code: 'staging-in-use' });
    expect((await ranges.finish(next)).result).toContain('"count":2');
    await ranges.move(next);
    await ranges.clean(next);
    expect(await ranges.store.status(next.staging)).toBeUndefined();
  },
);

it('takes away what a worker that slept beyond the end of its job has laid down', async () => {
  const first = await ranges.validate(job);
  await ranges.plan(first);
  const { open, passed } = gate();
  hold = passed;
  const late = ranges.run(first, 0, stepContext({ attempt: 7 }));
  await expect.poll(() => called.length).toBe(1);
  hold = Promise.resolve();
  await ranges.run(first, 0);
  await ranges.finish(first);
  await ranges.move(first);
  await ranges.clean(first);
  open();
  await late.catch(() => undefined);
  expect(await ranges.store.status(first.staging)).toBeUndefined();
});

it('takes no summary of a worker that still ran a range of a job whose plan was discarded', async () => {
  const first = await ranges.validate(job);
  await ranges.plan(first);
  const { open, passed } = gate();
  hold = passed;
  const late = ranges.run(first, 0, stepContext({ attempt: 7 }));
  await ended(first);
  const next = await ranges.validate({ ...job, unfinished: 'discard' });
  await ranges.plan(next);
  open();
  // The folder of its job is gone.
  await expect(late).rejects.toThrow();
  await ranges.run(next, 0);
  expect(called).toEqual([called[0], called[0]]);
  expect(JSON.parse((await ranges.finish(next)).result)).toMatchObject([{ summary: { count: 3, attempt: 1 } }]);
});

it('leaves a job alone that began while an attempt at the beginning slept', async () => {
  const first = await ranges.validate(job);
  await ended(first);
  const { open, passed } = gate();
  const looked = gate();
  const { store } = ranges;
  const status = store.status.bind(store);
  let slept = false;
  store.status = async (path, signal) => {
    const found = await status(path, signal);
    if (slept || !path.includes('/plan.jsonl')) return found;
    slept = true;
    looked.open();
    await passed;
    return found;
  };
  const asleep = ranges.validate(job, 'next/run');
  await looked.passed;
  const next = await ranges.validate(job, 'next/run');
  await ranges.runAll(next);
  open();
  expect(await asleep).toMatchObject({ id: next.id });
  await ranges.finish(next);
  expect(called.length).toBe(1);
});

it('refuses a job that looked before another one began, and slept', async () => {
  const first = await ranges.validate(job);
  await ended(first);
  const { open, passed } = gate();
  const looked = gate();
  const { store } = ranges;
  const list = store.list.bind(store);
  let slept = false;
  store.list = async function* (path, signal) {
    if (!slept) {
      slept = true;
      looked.open();
      await passed;
    }
    yield* list(path, signal);
  };
  const asleep = ranges.validate(job);
  await looked.passed;
  const next = await ranges.validate(job);
  await ranges.runAll(next);
  open();
  await expect(asleep).rejects.toMatchObject({ code: 'staging-in-use' });
  await ranges.finish(next);
});

it('does no step of a job whose folder is that of another one now', async () => {
  const first = await ranges.validate(job);
  await ended(first);
  const next = await ranges.validate(job);
  expect(next.id).not.toBe(first.id);
  const step = ownedStep(ranges.worker.deps, planRanges(ranges.worker.deps));
  const context = { ...ranges.worker.context, workflow: { workflowId: first.id.split('/')[0]!, runId: 'run' } };
  await expect(step({ job: first }, context)).rejects.toMatchObject({ code: 'staging-lost' });
});

it('refuses the second of two jobs, and lets the next one go on where the first has ended', async () => {
  const first = await ranges.validate(job);
  await ranges.plan(first);
  await expect(ranges.validate(job)).rejects.toMatchObject({ code: 'staging-in-use' });
  await ended(first);
  const [one, other] = await Promise.allSettled([ranges.validate(job), ranges.validate(job)]);
  expect([one.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected']);
});

it.each([1, 3])('goes on with no folder of layout %d, of another release, and leaves it as it is', async (layout) => {
  const first = await ranges.validate(job);
  await ranges.plan(first);
  await ended(first);
  const path = `${first.staging}/job.json`;
  const text = async (): Promise<string> =>
    String(await ranges.store.read(path, 0, (await ranges.store.status(path))!.length));
  const stored = JSON.parse(await text()) as { rewind: object };
  const other = JSON.stringify({ ...stored, rewind: { ...stored.rewind, layout, release: '0.0.9' } });
  await ranges.store.write(path, [Buffer.from(other)], { overwrite: true });
  const found = `found layout ${layout}, of release 0.0.9`;
  for (const unfinished of ['go-on', 'discard', 'fail'] as const)
    await expect(ranges.validate({ ...job, unfinished })).rejects.toThrow(found);
  const step = ownedStep(ranges.worker.deps, planRanges(ranges.worker.deps));
  await expect(step({ job: first }, ranges.worker.context)).rejects.toMatchObject({ code: 'staging-unusable' });
  expect(await text()).toBe(other);
  expect(called).toEqual([]);
});
