import type { WorkflowHandle } from '@temporalio/client';
import { pauseSignal, rateSignal, resumeSignal } from '../../workflows/run/messages.ts';
import { ArchiveHarness } from '../support/archive-harness.ts';
import { startOwnTemporal } from '../support/own-temporal.ts';
import { ReplayHarness } from '../support/replay-harness.ts';

/** A history to be recorded, under its name. */
export type Recorded = [name: string, handle: WorkflowHandle];

/** Events after which the server suggests a new run; its own default is 4096. */
const SUGGESTED = 40;

/** An archive of each kind, one after the other on one history. */
export async function* recordedArchives(harness: ReplayHarness): AsyncGenerator<Recorded> {
  const archive = new ArchiveHarness(harness);
  const topic = archive.topic('recorded');
  const [include, time, ranges] = [[topic], { format: 'ISO-8601' }, { rangeMiB: 0.02 }] as const;
  const job = archive.job({ topics: { include: [...include] }, time, ranges });
  await archive.createTopic(topic, 3);
  await archive.produce(topic, events(3_000));

  const slow = { ...job, rate: { records: 300 } };
  const cancelled = await archive.start(slow);
  await pulling(cancelled);
  await cancelled.cancel();
  yield ['archive-cancelled', cancelled];

  const controlled = await archive.start(slow);
  await pulling(controlled);
  await controlled.signal(pauseSignal);
  await controlled.signal(rateSignal, { records: 100_000 });
  await controlled.signal(resumeSignal);
  yield ['archive-controlled', controlled];

  yield ['archive-nothing-new', await archive.start(job)];
  yield ['archive-plan', await archive.start({ ...job, plan: true })];
  const { taskQueue, client, id } = harness;
  yield [
    'archive-finish',
    await client.workflow.start('finishArchive', { args: [job], taskQueue, workflowId: `finish-${id}` }),
  ];
  yield ['archive-refused', await archive.start({ ...job, topics: { include: ['nothing.here'] }, dest: 'relative' })];
  await archive.produce(topic, events(300));
  const post = { topic: archive.topic('audit'), tier: 'recorded' };
  await archive.createTopic(post.topic);
  yield ['archive', await archive.start({ ...job, audit: { post } })];
}

/** A run that goes on in new runs: the first, one in between, and the last. */
export async function* recordedContinuations(temporalCommand: string, base: ReplayHarness): AsyncGenerator<Recorded> {
  const temporal = await startOwnTemporal(temporalCommand, { 'limit.historyCount.suggestContinueAsNew': SUGGESTED });
  const harness = await ReplayHarness.open({ ...base.stack, temporal: temporal.address });
  try {
    await harness.startWorker();
    const archive = new ArchiveHarness(harness, 'continued');
    const topic = archive.topic('continued');
    await archive.createTopic(topic, 3);
    await archive.produce(topic, events(6_000));
    const handle = await archive.start(
      archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, ranges: { rangeMiB: 0.02 } }),
    );
    await handle.result();
    const runs: string[] = [];
    for await (const { runId } of harness.client.workflow.list({ query: `WorkflowId = "${handle.workflowId}"` }))
      runs.unshift(runId);
    if (runs.length < 3) throw new Error(`the archive was to be continued twice, and had ${runs.length} runs`);
    for (const [name, run] of [
      ['archive-continued-first', runs[0]],
      ['archive-continued', runs[1]],
      ['archive-continued-last', runs.at(-1)],
    ] as const)
      yield [name, harness.client.workflow.getHandle(handle.workflowId, run)];
  } finally {
    await harness.close();
    await temporal.stop();
  }
}

function events(count: number): { partition: number; key: string; value: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    partition: index % 3,
    key: `${index}`,
    value: JSON.stringify({ timestamp: new Date(Date.UTC(2026, 10, 20) + index * 5_000).toISOString(), index }),
  }));
}

async function pulling(handle: WorkflowHandle): Promise<void> {
  while ((await handle.query<{ pulls: { done: number } }>('progress')).pulls.done === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
