import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import { describeJob } from '../run/visibility.ts';

/** Tells who looks at the workflow from outside what it replays. */
export function describeReplay(job: ReplayJob): void {
  const { topic, staging, offsets } = job;
  const replayTopic = job.offsetsOnly ? undefined : job.replayTopic.name;
  const { group } = offsets;
  const attributes = { RewindTopic: topic, RewindReplayTopic: replayTopic, RewindGroup: group };
  const kind = job.offsetsOnly ? 'offsets' : 'replay';
  describeJob(job, { kind, topic, staging, replayTopic, group }, attributes);
}
