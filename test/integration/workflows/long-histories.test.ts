// However much of a job is sorted in staging, the history of none of its runs is long: it goes on in new runs, between
// splits, between merge passes and between slices, and asks for each step once. The workflow is the real one; the test
// stands in for its steps.
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { historySize } from '../../../bench/history-size.ts';
import { attachStack } from '../../../scripts/stack/development-stack.ts';
import { REPLAY_ACTED, stagedSteps, wholeSteps } from '../../support/acted-replay.ts';
import { ActedWorkflow } from '../../support/acted-workflow.ts';
import { startOwnTemporal, type OwnTemporal } from '../../support/own-temporal.ts';
import { replayJob } from '../../support/replay-job.ts';
import { runsOfChain } from '../../support/runs-of-chain.ts';
import type { SortedPart } from '../../support/sorted-in-turn.ts';

/** Events after which the server suggests a new run; its own default is 4096. */
const SUGGESTED = 100;
/** Of splits that are in hand, and of the steps between two places where a job may go on in a new run. */
const MORE = 100;
const SPLITS = 40;
const WINDOWS = 4;

let temporal: OwnTemporal | undefined;
let acted: ActedWorkflow;

beforeAll(async () => {
  temporal = await startOwnTemporal(attachStack(inject('stackName')).temporalCommand, {
    'limit.historyCount.suggestContinueAsNew': SUGGESTED,
  });
  acted = await ActedWorkflow.open(temporal.address, REPLAY_ACTED);
});
afterAll(async () => {
  await acted?.close();
  await temporal?.stop();
});
beforeEach(() => acted.begin());

const job = { ...replayJob(), searchAttributes: [] };
const listing = {
  ...{ fingerprint: 'f'.repeat(64), files: 1000, bytes: '1000', splits: WINDOWS * SPLITS, partitions: 1 },
  ...{ leftOut: [], remarks: [] },
};
const windows = { count: WINDOWS, at: 0, largestBytes: '0', memoryPerByte: 1, direct: 0 };

function part(number: number, passes: number[], slices: number): SortedPart {
  return { number, firstSplit: number * SPLITS, endSplit: (number + 1) * SPLITS, passes, slices };
}

/** Events of each run of the job that the steps are of, and how often each step was begun. */
async function eventsOfRuns(): Promise<{ events: number[]; begun: (step: string) => number }> {
  const handle = await acted.start('replay');
  const events: number[] = [];
  for await (const run of runsOfChain(acted.client, handle)) {
    const size = await historySize(run);
    events.push(size.events);
    expect(size.largestPayload).toBeLessThan(16 * 1024);
  }
  return { events, begun: (step) => acted.seen.filter((seen) => seen === step).length };
}

it('windows that are staged, one after the other, with many merge passes and slices', async () => {
  const passes = [[60, 5], [], [3, 60], [1]];
  const slices = [1, 30, 3, 1];
  const parts = passes.map((each, number) => part(number, each, slices[number]!));
  Object.assign(acted.steps, stagedSteps({ job, listing: { ...listing, windows } }, parts));
  const { events, begun } = await eventsOfRuns();
  expect(Math.max(...events)).toBeLessThan(SUGGESTED + MORE);
  expect(events.length).toBeGreaterThan(8);
  expect(begun('stageSplit')).toBe(WINDOWS * SPLITS);
  expect(begun('mergeWindowPass')).toBe(129);
  expect(begun('catalogueWindow')).toBe(3 + 1 + 3 + 2);
  expect(begun('publishStaged')).toBe(35);
  expect(begun('publishWindows')).toBe(WINDOWS + 1);
});

it('a job that is sorted as a whole, with many merge passes', async () => {
  const whole = { ...part(0, [120, 60], 30), endSplit: SPLITS * WINDOWS };
  Object.assign(acted.steps, wholeSteps({ job, listing }, whole));
  const { events, begun } = await eventsOfRuns();
  expect(Math.max(...events)).toBeLessThan(SUGGESTED + MORE);
  expect(events.length).toBeGreaterThan(8);
  expect(begun('decodeAndSort')).toBe(WINDOWS * SPLITS);
  expect(begun('mergePass')).toBe(180);
  expect(begun('catalogueSorted')).toBe(3);
  expect(begun('mergePublish')).toBe(30);
});
