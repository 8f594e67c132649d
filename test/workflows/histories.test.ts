// Runs that an earlier version of the workflow code began go on with the present one: the histories of every release
// are replayed, and ask for the very same steps. Recorded by `npm run record-histories`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, 'histories');
const WORKFLOWS = join(import.meta.dirname, '../../workflows/index.ts');
const histories = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.history'),
);
const read = (name: string) => proto.temporal.api.history.v1.History.decode(readFileSync(join(FOLDER, name)));

let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  workflowBundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger });
});

test('there are histories of the kinds of runs that there are', () => {
  expect(histories.filter((name) => name.startsWith('0.1.0/replay')).length).toBeGreaterThanOrEqual(7);
  expect(histories.filter((name) => name.startsWith('0.2.0/archive')).length).toBeGreaterThanOrEqual(10);
  expect(histories.filter((name) => name.startsWith('0.2.0/ranges')).length).toBeGreaterThanOrEqual(7);
  expect(histories.filter((name) => name.startsWith('0.2.0/verify')).length).toBeGreaterThanOrEqual(5);
  expect(histories).toContain('0.2.0/drain.history');
  for (const plan of ['replayPlan', 'archivePlan', 'rangesPlan']) expect(histories).toContain(`0.2.0/${plan}.history`);
  expect(histories).toContain('0.2.0/replay-windows.history');
  expect(histories).toContain('0.2.0/replay-windows-then-whole.history');
  expect(histories).toContain('0.2.0/replay-windows-staged.history');
  for (const run of ['first', 'next']) expect(histories).toContain(`0.2.0/replay-merging-${run}.history`);
});

test.each(histories)('%s', async (name) => {
  await Worker.runReplayHistory({ workflowBundle }, read(name), name.replace('.history', ''));
});

// Both: those of today, and those that tell of all that ended at once before they begin anything else.
test.each(['replay', 'archive', 'verify'])('a %s that told the list how far it was tells it the same', (type) => {
  for (const name of [`${type}-told`, `${type}-told-together`]) {
    const told = read(`0.2.0/${name}.history`).events.flatMap(
      ({ upsertWorkflowSearchAttributesEventAttributes: upserted }) =>
        Object.keys(upserted?.searchAttributes?.indexedFields ?? {}),
    );
    expect(told.filter((attribute) => attribute === 'RewindProgress').length).toBeGreaterThan(1);
  }
});

test.each([
  ['0.1.0/replay.history', 'listFiles'],
  ['0.2.0/archive.history', 'auditArchive'],
  ['0.2.0/ranges.history', 'moveOffsets'],
  ['0.2.0/verify.history', 'reconcileVerify'],
  ['0.2.0/drain.history', 'lookAtDrain'],
  ['0.2.0/replayPlan.history', 'planReplay'],
  ['0.2.0/archivePlan.history', 'describeArchive'],
  ['0.2.0/rangesPlan.history', 'describeRanges'],
  ['0.2.0/replay-windows.history', 'publishWindows'],
  ['0.2.0/replay-windows-then-whole.history', 'mergePublish'],
  ['0.2.0/replay-windows-staged.history', 'publishStaged'],
  ['0.2.0/replay-merging-first.history', 'mergePass'],
  ['0.2.0/replay-merging-next.history', 'mergePass'],
])('%s is told where it asks for other steps', async (name, step) => {
  const history = read(name);
  for (const { activityTaskScheduledEventAttributes: scheduled } of history.events)
    if (scheduled?.activityType?.name === step) scheduled.activityType.name = 'listSomethingElse';
  await expect(Worker.runReplayHistory({ workflowBundle }, history, 'other')).rejects.toThrow(/[Nn]ondeterminism/);
});
