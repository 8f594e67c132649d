import { ArchiveHarness } from '../support/archive-harness.ts';
import { startOwnTemporal } from '../support/own-temporal.ts';
import { registerSearchAttributes } from '../support/register-search-attributes.ts';
import { ReplayHarness } from '../support/replay-harness.ts';
import { writeTestArchive } from '../support/test-archive.ts';
import type { Recorded } from './recorded-archives.ts';

/** A job of each kind on a server that has the search attributes: it tells the list of workflows how far it is. */
export async function* recordedTold(temporalCommand: string, base: ReplayHarness): AsyncGenerator<Recorded> {
  const temporal = await startOwnTemporal(temporalCommand, {});
  const harness = await ReplayHarness.open({ ...base.stack, temporal: temporal.address });
  try {
    await registerSearchAttributes(harness.client);
    await harness.startWorker({ REWIND_SLICE_MS: '500', REWIND_SPLIT_MIB: '0.02' });
    const { job } = await writeTestArchive(harness, { records: 3_000 });
    yield ['replay-told', await harness.start(job)];
    const verify = { args: [job], taskQueue: harness.taskQueue, workflowId: `verify-told-${harness.id}` };
    yield ['verify-told', await harness.client.workflow.start('verify', verify)];

    const archive = new ArchiveHarness(harness, 'told');
    const topic = archive.topic('told');
    await archive.createTopic(topic, 3);
    await archive.produce(
      topic,
      Array.from({ length: 300 }, (_, n) => ({
        partition: n % 3,
        value: JSON.stringify({ timestamp: Date.now(), n }),
      })),
    );
    yield ['archive-told', await archive.start(archive.job({ topics: { include: [topic] } }))];
  } finally {
    await harness.close();
    await temporal.stop();
  }
}
