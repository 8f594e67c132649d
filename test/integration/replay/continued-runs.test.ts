// A replay whose history grows too long goes on in a new run, again and again, in the middle of decoding and of
// publishing. It stays the same job: nothing is decoded or published twice, and what people asked of it still holds.
import { expect, test } from 'vitest';
import { progressQuery } from '../../../workflows/replay/messages.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { ShortHistoryWorker } from '../../support/short-history-worker.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

/** Events after which the server suggests a new run. */
const SUGGESTED = 40;

const shared = new ShortHistoryWorker(SUGGESTED, {
  REWIND_SPLIT_MIB: '0.004',
  REWIND_SLICE_MS: '300',
  REWIND_DECODE_CONCURRENCY: '4',
});

test.each([
  ['whole', 'mergePublish'],
  ['auto', 'publishWindows'],
] as const)(
  'a long history is continued in new runs of one job, sorted by %s, with rate and counts',
  async (sort, publish) => {
    const records = 1_500;
    const { job, replayTopic, archive } = await writeTestArchive(shared.harness, { records });
    const rate = { records: 150 };
    const handle = await shared.harness.start({ ...job, sort, rate });
    const result = (await handle.result()) as ReplayResult;
    expect(result.records).toMatchObject({ read: records, published: String(records) });
    expect(result.partitions[0]?.aborted).toBe('0');
    await expectReplayed(shared.harness, replayTopic, archive.truth());

    const runs: { runId: string; decoded: number; published: number; events: number }[] = [];
    for await (const { runId } of shared.harness.client.workflow.list({
      query: `WorkflowId = "${handle.workflowId}"`,
    })) {
      const { events } = await shared.harness.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
      const count = (step: string): number =>
        (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === step)
          .length;
      const [decoded, published] = [count('decodeAndSort'), count(publish)];
      runs.push({ runId, decoded, published, events: events?.length ?? 0 });
    }
    expect(runs.filter(({ published }) => published > 0).length).toBeGreaterThan(1);
    expect(Math.max(...runs.map(({ events }) => events))).toBeLessThan(SUGGESTED * 3);
    const last = await shared.harness.client.workflow.getHandle(handle.workflowId).query(progressQuery);
    expect(last).toMatchObject({ job: result.job, status: 'done', rate });
    expect(last?.splits.decoded).toBe(last?.splits.total);
    if (sort === 'auto') return;
    expect(runs.filter(({ decoded }) => decoded > 0).length).toBeGreaterThan(1);
    expect(runs.reduce((sum, { decoded }) => sum + decoded, 0)).toBe(last?.splits.total);
  },
);
