import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';

/** Tells who looks at the workflow from outside what it replays: its memo, and the search attributes that there are. */
export function describeJob(job: ReplayJob): void {
  const { id, topic, staging, offsets } = job;
  const replayTopic = job.offsetsOnly ? undefined : job.replayTopic.name;
  const { group } = offsets;
  upsertMemo({ job: id, topic, staging, ...(replayTopic && { replayTopic }), ...(group && { group }) });
  const values: Record<string, string | undefined> = {
    RewindTopic: topic,
    RewindReplayTopic: replayTopic,
    RewindGroup: group,
  };
  const attributes = job.searchAttributes.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ key: { name, type: 'KEYWORD' as const }, value }];
  });
  if (attributes.length > 0) upsertSearchAttributes(attributes);
}
