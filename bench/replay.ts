import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { attachStack } from '../scripts/stack/development-stack.ts';
import { startStack } from '../scripts/stack/start-stack.ts';
import { fileStoreSink, writeCamusArchive } from '../test/support/camus-archive/index.ts';
import { ReplayHarness } from '../test/support/replay-harness.ts';
import type { WorkerProcess } from '../test/support/worker-process.ts';

/**
 * A whole replay, timed by its own result: records a second of each step, and CPU and peak memory of the worker.
 *
 *     npm run bench:replay -- --records 1000000 [--stack NAME] [--split-mib 16] [--profile FOLDER]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    stack: { type: 'string' },
    /** Folder for CPU profiles of the worker. */
    profile: { type: 'string' },
    'split-mib': { type: 'string', default: '16' },
  },
});

const stack =
  values.stack === undefined
    ? await startStack({ name: `bench-${process.pid}`, owned: true })
    : attachStack(values.stack);
try {
  const harness = await ReplayHarness.open(stack.addresses);
  try {
    const topic = `bench_${harness.id}`;
    const records = Number(values.records);
    const archive = await writeCamusArchive({
      dest: `${harness.folder}/dest`,
      exec: `${harness.folder}/exec`,
      topics: [topic],
      records,
      sink: fileStoreSink(harness.store),
    });
    await harness.store.write(`${harness.folder}/schema.avsc`, [Buffer.from(archive.truth().outputSchema)]);
    const nodeArguments = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
    const worker = await harness.startWorker({ REWIND_SPLIT_MIB: values['split-mib'] }, nodeArguments);
    const before = usage(worker);
    const started = performance.now();
    const result = await harness.replay({
      topic,
      archive: { dest: `${harness.folder}/dest`, exec: `${harness.folder}/exec` },
      output: { schema: `${harness.folder}/schema.avsc` },
    });
    const seconds = (performance.now() - started) / 1000;
    const after = usage(worker);
    await worker.end();
    const cpu = after.cpuSeconds - before.cpuSeconds;
    console.log(JSON.stringify(result.steps, null, 2));
    console.log(
      `${records} records, ${result.bytes} bytes of Avro: ${seconds.toFixed(1)} s, ${Math.round(records / seconds)} records/s; ` +
        `worker: ${cpu.toFixed(1)} s of CPU, ${((cpu / records) * 1e6).toFixed(1)} µs a record, peak ${after.peakMiB} MiB`,
    );
  } finally {
    await harness.close();
  }
} finally {
  if (values.stack === undefined) await stack.down({ deleteData: true });
}

/** CPU and peak memory of a process, as Linux accounts for them. */
function usage({ pid }: WorkerProcess): { cpuSeconds: number; peakMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  // Fields 14 and 15 of proc(5), in ticks of 10 ms.
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    peakMiB: Math.round(Number(peak?.[1] ?? 0) / 1024),
  };
}
