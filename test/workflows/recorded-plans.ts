import type { RangesHarness } from '../support/ranges-harness.ts';
import { writeTestArchive } from '../support/test-archive.ts';
import type { Recorded } from './recorded-archives.ts';

/** A plan of each kind, as the command starts them: workflows of types of their own. The worker must have RANGE_FUNCTIONS. */
export async function* recordedPlans(ranges: RangesHarness): AsyncGenerator<Recorded> {
  const { base: harness, topics: archive } = ranges;
  const plan = async (type: string, input: object): Promise<Recorded> => {
    const workflowId = `${type}-${harness.id}`;
    const options = { args: [input], taskQueue: harness.taskQueue, workflowId };
    return [type, await harness.client.workflow.start(type, options)];
  };
  const { job } = await writeTestArchive(harness, { records: 300 });
  yield plan('replayPlan', job);
  const topic = archive.topic('planned');
  await archive.createTopic(topic, 2);
  await archive.produce(topic, [{ value: JSON.stringify({ timestamp: Date.now() }) }]);
  yield plan('archivePlan', archive.job({ topics: { include: [topic] } }));
  yield plan('rangesPlan', ranges.job({ inputs: [{ topic, group: `planned-${harness.id}`, function: 'count' }] }));
}
