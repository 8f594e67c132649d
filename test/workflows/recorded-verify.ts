import { pauseSignal, resumeSignal } from '../../workflows/run/messages.ts';
import type { ReplayHarness } from '../support/replay-harness.ts';
import { ArchiveHarness } from '../support/archive-harness.ts';
import type { Recorded } from './recorded-archives.ts';

const RECORDS = 400;

/** One run of verify of each kind, and of drain. */
export async function* recordedVerify(harness: ReplayHarness): AsyncGenerator<Recorded> {
  const archive = new ArchiveHarness(harness, 'verified');
  const topic = archive.topic('verified');
  await archive.createTopic(topic, 2, [{ name: 'retention.ms', value: '-1' }]);
  await archive.produce(
    topic,
    Array.from({ length: RECORDS }, (_, n) => ({ key: `${n}`, value: `value ${n}`, partition: n % 2 })),
  );
  await archive.run(archive.job({ topics: { include: [topic] }, value: 'record', files: { timeZone: 'UTC' } }));
  const job = {
    topic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    staging: `${harness.folder}/staging`,
  };
  const replay = await harness.start(job);
  await replay.result();
  const start = (type: string, input: object, name: string): ReturnType<typeof harness.client.workflow.start> =>
    harness.client.workflow.start(type, {
      args: [input],
      taskQueue: harness.taskQueue,
      workflowId: `${name}-${harness.id}`,
    });
  yield ['verify', await start('verify', job, 'verify')];
  const controlled = await start('verify', { ...job, verify: { against: ['source'] } }, 'verify-controlled');
  await controlled.signal(pauseSignal);
  await controlled.signal(resumeSignal);
  yield ['verify-controlled', controlled];
  yield ['verify-refused', await start('verify', { ...job, verify: { against: [] } }, 'verify-refused')];
  const [missing] = await archive.files(topic);
  await harness.store.delete(missing!.path);
  yield ['verify-differs', await start('verify', job, 'verify-differs')];
  const cancelled = await start('verify', job, 'verify-cancelled');
  await cancelled.signal(pauseSignal);
  await cancelled.cancel();
  yield ['verify-cancelled', cancelled];
  yield ['drain', await start('drain', { replayTopic: `${topic}_REPLAY`, group: `g-${harness.id}` }, 'drain')];
}
