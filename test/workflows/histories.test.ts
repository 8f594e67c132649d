// Runs that an earlier version of the workflow code began go on with the present one: the histories of every release
// are replayed, and ask for the very same steps. Recorded by `npm run record-histories`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, 'histories');
const WORKFLOWS = join(import.meta.dirname, '../../workflows/index.ts');
const histories = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.history'),
);
const read = (name: string) => proto.temporal.api.history.v1.History.decode(readFileSync(join(FOLDER, name)));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

test('there are histories of the kinds of runs that there are', () => {
  const kinds = histories.filter((name) => name.startsWith('0.1.0/')).map((name) => name.slice('0.1.0/'.length));
  expect(kinds.length).toBeGreaterThanOrEqual(7);
});

test.each(histories)('%s', async (name) => {
  await Worker.runReplayHistory({ workflowsPath: WORKFLOWS }, read(name), name.replace('.history', ''));
});

test('a history that asks for other steps is told', async () => {
  const history = read(histories.find((each) => each.endsWith('/replay.history'))!);
  for (const { activityTaskScheduledEventAttributes: scheduled } of history.events)
    if (scheduled?.activityType?.name === 'listFiles') scheduled.activityType.name = 'listSomethingElse';
  await expect(Worker.runReplayHistory({ workflowsPath: WORKFLOWS }, history, 'other')).rejects.toThrow(
    /[Nn]ondeterminism/,
  );
});
