// What an operator sees of a replay in Temporal: its memo, its search attributes where the server has them, a table as
// its details, and a line on every bar of the timeline.
import type { WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import { progressQuery } from '../../../workflows/replay/messages.ts';
import { registerSearchAttributes } from '../../support/register-search-attributes.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();

async function details(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}

test.each([
  ['whole', 'mergePublish', /: from 0 of 1500$/],
  ['auto', 'publishWindows', /: from 0, window 1 of \d+$/],
] as const)(
  'memo, attributes, details and summaries tell what a replay is and how far it got, sorted by %s',
  async (...of) => {
    const [sort, publishing, from] = of;
    const { harness } = shared;
    await registerSearchAttributes(harness.client);
    const { job, topic, replayTopic } = await writeTestArchive(harness, { records: 1_500 });
    const group = `billing-${topic}`;
    const handle = await harness.start({ ...job, sort, offsets: { group, outsideLiveRange: 'report' } });
    const result = (await handle.result()) as { job: string };
    const { memo, searchAttributes } = await handle.describe();
    const staging = `${harness.folder}/staging/${topic}/${encodeURIComponent(result.job).replaceAll('%', '_')}`;
    expect(memo).toEqual({ kind: 'replay', job: result.job, topic, replayTopic, group, staging });
    expect(searchAttributes).toMatchObject({
      RewindTopic: [topic],
      RewindReplayTopic: [replayTopic],
      RewindGroup: [group],
    });

    const shown = await details(handle);
    expect(shown).toContain(`### Replay of \`${topic}\``);
    expect(shown).toContain('| Status | **done**, step `done` |');
    expect(shown).toContain('| Records published | 1 500 of 1 500 (100.0 %) |');
    expect(await handle.query(progressQuery)).toMatchObject({
      status: 'done',
      records: { total: '1500', published: '1500' },
    });

    const { events = [] } = await handle.fetchHistory();
    const summaries = (events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes)
      .map((event) => {
        const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
        const data = event.userMetadata?.summary?.data;
        return [
          name,
          data === undefined || data === null ? undefined : String(JSON.parse(Buffer.from(data).toString())),
        ];
      });
    const [, first] = summaries.find(([step]) => step === publishing) ?? [];
    expect(first?.startsWith(`${replayTopic}: `)).toBe(true);
    expect(first).toMatch(from);
    expect(summaries.filter(([, summary]) => summary === undefined)).toEqual([]);
  },
);
