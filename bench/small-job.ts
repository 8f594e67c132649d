import { parseArgs } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { writeTestArchive } from '../test/support/test-archive.ts';
import { onHarness } from '../test/support/on-stack.ts';
import { FirstRecord } from './first-record.ts';
import { processUsage } from './process-usage.ts';
import { stepTimes } from './step-times.ts';

/**
 * What a small replay takes on a worker that runs: the first job of a worker and those behind it, from the start of the
 * workflow to its first record that consumers can read, and to its result, and which of its steps takes it.
 *
 *     npm run bench:small-job -- [--records 10000] [--jobs 4] [--pause 3000] [--stack NAME] [--profile FOLDER]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    jobs: { type: 'string', default: '4' },
    /** Milliseconds between two jobs: more than decoding threads stay for. */
    pause: { type: 'string', default: '3000' },
    stack: { type: 'string' },
    /** Folder for CPU profiles of the worker. */
    profile: { type: 'string' },
  },
});
await onHarness(values.stack, { purpose: 'bench' }, measure);

async function measure(harness: ReplayHarness): Promise<void> {
  const archive = await writeTestArchive(harness, { records: Number(values.records), hours: 24, executions: 4 });
  const nodeArguments = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const kafka = openKafka(parseKafkaConfig({ brokers: harness.stack.kafka.join(',') }, 'bench'));
  const worker = await harness.startWorker({ REWIND_THREADS: undefined }, nodeArguments);
  for (let job = 0; job < Number(values.jobs); job += 1) {
    await new Promise((resolve) => setTimeout(resolve, Number(values.pause)));
    const before = processUsage(worker.pid).cpuSeconds;
    const replayTopic = `${archive.topic}_${job}`;
    const began = performance.now();
    const looking = new FirstRecord(kafka, replayTopic);
    const handle = await harness.start({ ...archive.job, replayTopic });
    await handle.result();
    const seconds = (performance.now() - began) / 1000;
    const first = await looking.end();
    const cpu = processUsage(worker.pid).cpuSeconds - before;
    console.log(
      `job ${job + 1}: first record ${first?.toFixed(2)} s, all ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU; ${await steps(handle)}`,
    );
  }
  await worker.end();
  await kafka.close();
}

/** `validateJob 0.52, readOffsets 0.20 ... between steps 0.31`. */
async function steps(handle: WorkflowHandle): Promise<string> {
  const { steps: taken, between } = await stepTimes(handle);
  return [...taken.map(({ step, seconds }) => `${step} ${seconds.toFixed(2)}`), `between ${between.toFixed(2)}`].join(
    ', ',
  );
}
