import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { JobWatch } from '../test/support/job-watch.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { fileStoreSink, writeCamusArchive } from '../test/support/camus-archive/index.ts';
import type { WorkerProcess } from '../test/support/worker-process.ts';
import { attemptsOf } from '../test/support/attempts.ts';
import type { ReplayResult } from '../workflows/replay/replay-result.ts';
import { onHarness } from '../test/support/on-stack.ts';

/**
 * How long a replay that was killed takes to go on: its worker gets SIGKILL when so many records are out, another one is
 * started, and the time is that from the start of the new attempt to the first new record in the log.
 *
 *     npm run bench:resume -- [--out 5000000] [--kills 3] [--stack NAME]
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '5000000' },
    kills: { type: 'string', default: '3' },
    stack: { type: 'string' },
  },
});

/** Records behind the first kill, for each: enough for a second's publishing. */
const BETWEEN_KILLS = 300_000;

await onHarness(values.stack, { purpose: 'bench' }, measure);

async function measure(harness: ReplayHarness): Promise<void> {
  const topic = `resume_${harness.id}`;
  const [out, kills] = [Number(values.out), Number(values.kills)];
  const records = out + (kills + 1) * BETWEEN_KILLS;
  const archive = { dest: `${harness.folder}/dest`, exec: `${harness.folder}/exec` };
  await writeCamusArchive({ ...archive, topics: [topic], records, sink: fileStoreSink(harness.store) });
  console.log(`an archive of ${records} records`);
  const startWorker = (): Promise<WorkerProcess> => harness.startWorker({ REWIND_HEARTBEAT_TIMEOUT_MS: '3000' });
  let worker = await startWorker();
  const handle = await harness.start({ topic, archive, output: { encoding: 'avro-binary' } });
  const watch = new JobWatch(harness, handle, `${topic}_REPLAY`, records);
  try {
    for (let kill = 0; kill < kills; kill++) {
      await untilOut(watch, out + kill * BETWEEN_KILLS);
      await worker.end('SIGKILL');
      const end = await watch.logEnd();
      worker = await startWorker();
      // The first thing that is appended is the marker that ends what the dead attempt had open.
      await untilOut(watch, Number(end) + 2);
      const went = Date.now();
      const began = attemptBegan(worker);
      console.log(
        `kill ${kill + 1}: ${end} in the log; ${((went - began) / 1000).toFixed(2)} s from the start of the attempt to its first new record`,
      );
    }
    const { records: counted } = (await handle.result()) as ReplayResult;
    const { splitsDecodedAgain } = await attemptsOf(handle);
    console.log(`${counted.published} of ${records} records published, ${splitsDecodedAgain} splits decoded again`);
  } finally {
    await watch.close();
  }
}

async function untilOut(watch: JobWatch, records: number): Promise<void> {
  while ((await watch.logEnd()) < BigInt(records)) await sleep(5);
}

/** When the worker took up its first step, by its own log. */
function attemptBegan(worker: WorkerProcess): number {
  const [, at] = /^(\S+) \[INFO\] step begins/m.exec(worker.output) ?? [];
  if (at === undefined) throw new Error('the new worker has not said that a step begins');
  return Date.parse(at);
}
