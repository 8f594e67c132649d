import type { DrainActivities } from '../../activities/drain/drain-activities.ts';
import type { DrainReport } from '../../activities/drain/drain-report.ts';
import { quickSteps } from '../run/steps-on.ts';

const { lookAtDrain } = quickSteps<DrainActivities>();

/**
 * Tells how far a consumer group is with a replay topic, and by option moves it to the live one. The input is that of
 * activities/drain/drain-input.ts: `{ replayTopic, group, connections?, unfinished?, live?, commit? }`.
 */
export async function drain(input: unknown): Promise<DrainReport> {
  return lookAtDrain.executeWithOptions({ summary: 'offsets of a group against the replay topic' }, [input]);
}
