// A replay whose history grows too long goes on in a new run, again and again, in the middle of decoding and of
// publishing. It stays the same job: nothing is decoded or published twice, and what people asked of it still holds.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { attachStack } from '../../../scripts/stack/development-stack.ts';
import { progressQuery } from '../../../workflows/replay/messages.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { startOwnTemporal, type OwnTemporal } from '../../support/own-temporal.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

/** Events after which the server suggests a new run; its own default is 4096. */
const SUGGESTED = 40;

let temporal: OwnTemporal;
let harness: ReplayHarness;
beforeAll(async () => {
  temporal = await startOwnTemporal(attachStack(inject('stackName')).temporalCommand, {
    'limit.historyCount.suggestContinueAsNew': SUGGESTED,
  });
  harness = await ReplayHarness.open({ ...inject('stack'), temporal: temporal.address });
  await harness.startWorker({ REWIND_SPLIT_MIB: '0.004', REWIND_SLICE_MS: '300', REWIND_DECODE_CONCURRENCY: '4' });
});
afterAll(async () => {
  await harness?.close();
  await temporal?.stop();
});

test('a long history is continued in new runs of the same job, with its rate and its counts', async () => {
  const records = 1_500;
  const { job, replayTopic, archive } = await writeTestArchive(harness, { records });
  const rate = { records: 150 };
  const handle = await harness.start({ ...job, rate });
  const result = (await handle.result()) as ReplayResult;
  expect(result.records).toMatchObject({ read: records, published: String(records) });
  expect(result.partitions[0]?.aborted).toBe('0');
  await expectReplayed(harness, replayTopic, archive.truth());

  const runs: { runId: string; decoded: number; published: number; events: number }[] = [];
  for await (const { runId } of harness.client.workflow.list({ query: `WorkflowId = "${handle.workflowId}"` })) {
    const { events } = await harness.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const count = (step: string): number =>
      (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === step).length;
    const [decoded, published] = [count('decodeAndSort'), count('mergePublish')];
    runs.push({ runId, decoded, published, events: events?.length ?? 0 });
  }
  expect(runs.filter(({ decoded }) => decoded > 0).length).toBeGreaterThan(1);
  expect(runs.filter(({ published }) => published > 0).length).toBeGreaterThan(1);
  expect(Math.max(...runs.map(({ events }) => events))).toBeLessThan(SUGGESTED * 3);
  const last = await harness.client.workflow.getHandle(handle.workflowId).query(progressQuery);
  expect(last).toMatchObject({ job: result.job, status: 'done', rate });
  expect(runs.reduce((sum, { decoded }) => sum + decoded, 0)).toBe(last?.splits.total);
});
