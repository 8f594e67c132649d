// An archive whose history grows too long goes on in a new run, again and again, in the middle of pulling. It stays the
// same run: what is pulled is not thrown away, nothing is pulled twice, and one execution is recorded.
import { expect, test } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ShortHistoryWorker } from '../../support/short-history-worker.ts';

/** Events after which the server suggests a new run. */
const SUGGESTED = 40;
const RECORDS = 3_000;

const shared = new ShortHistoryWorker(SUGGESTED);

test('a long history is continued in new runs, and archives each record once', async () => {
  const archive = new ArchiveHarness(shared.harness);
  const topic = archive.topic('continued');
  await archive.createTopic(topic, 3);
  const messages = Array.from({ length: RECORDS }, (_, index) => ({
    partition: index % 3,
    value: JSON.stringify({ timestamp: new Date(Date.UTC(2026, 10, 20) + index * 1000).toISOString(), index }),
  }));
  await archive.produce(topic, messages);
  const handle = await archive.start(
    archive.job({ topics: { include: [topic] }, time: { format: 'ISO-8601' }, ranges: { rangeMiB: 0.01 } }),
  );
  expect(await handle.result()).toMatchObject({ records: `${RECORDS}`, offsetsLeft: '0' });

  const steps: string[] = [];
  let runs = 0;
  for await (const { runId } of shared.harness.client.workflow.list({ query: `WorkflowId = "${handle.workflowId}"` })) {
    const { events } = await shared.harness.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const scheduled = (events ?? []).map(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? '',
    );
    steps.push(...scheduled);
    if (scheduled.includes('pullArchive')) runs += 1;
  }
  expect(runs).toBeGreaterThan(1);
  expect(steps).not.toContain('discardArchive');
  expect(steps.filter((step) => step === 'planArchive')).toHaveLength(1);
  const lines = await archive.lines(topic);
  for (let partition = 0; partition < 3; partition++)
    expect(lines.get(partition)).toEqual(
      messages.filter((message) => message.partition === partition).map(({ value }) => value),
    );
  expect(await archive.executions()).toHaveLength(1);
});
