import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { ReplayInput } from '../activities/replay/job/job-input.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { writeCamusFile } from '../test/support/test-archive.ts';
import { onHarness } from '../test/support/on-stack.ts';
import { historySize } from './history-size.ts';

/**
 * What very many small files do to Temporal: events and bytes of the history, and the largest payload, of a replay and
 * of its plan.
 *
 *     npm run bench:small-files -- [--files 20000] [--nifi] [--stack NAME]
 *
 * `--nifi`: files of one line, as a NiFi flow without MergeContent leaves them, in one folder.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    nifi: { type: 'boolean', default: false },
    stack: { type: 'string' },
  },
});
await onHarness(values.stack, { purpose: 'bench' }, async (harness) => {
  const files = Number(values.files);
  await measure(harness, files, await (values.nifi ? writeLines : writeContainers)(harness, files));
});

async function writeContainers(harness: ReplayHarness, files: number): Promise<ReplayInput> {
  const topic = `small_${harness.id}`;
  const dest = `${harness.folder}/dest`;
  // In the hour that the files' names tell.
  const records = Array.from({ length: 10 }, (_, n) => ({ time: Date.UTC(2014, 10, 2, 8) + n, body: `record ${n}` }));
  const fields = [
    { name: 'time', type: 'long' },
    { name: 'body', type: 'string' },
  ];
  const schema = { type: 'record', name: 'Small', fields };
  const first = await writeCamusFile(harness, { dest, topic, schema, records });
  const { length = 0 } = (await harness.store.status(first)) ?? {};
  const bytes = await harness.store.read(first, 0, length);
  const folder = first.slice(0, first.lastIndexOf('/'));
  const numbers = Array.from({ length: files - 1 }, (_, index) => index + 2).values();
  const copy = async (): Promise<void> => {
    // Each is of offsets of its own.
    for (const number of numbers)
      await harness.store.write(`${folder}/${topic}.1.0.10.${number * 10}.1414915200000.avro`, [bytes]);
  };
  await Promise.all(Array.from({ length: 16 }, copy));
  return { topic, archive: { dest } };
}

async function writeLines(harness: ReplayHarness, files: number): Promise<ReplayInput> {
  const topic = `small_${harness.id}`;
  const dest = `${harness.folder}/edl`;
  const numbers = Array.from({ length: files }, (_, index) => index).values();
  const write = async (): Promise<void> => {
    for (const number of numbers) {
      const line = `${topic}-${number % 4}-${Math.floor(number / 4)}<@>key ${number}<@>{"value":${number}}`;
      await harness.store.write(`${dest}/${topic}/${randomUUID()}`, [Buffer.from(line)]);
    }
  };
  await Promise.all(Array.from({ length: 16 }, write));
  return { topic, archive: { layout: 'nifi', dest, gaps: 'fail' }, output: { partitionCount: 4 } };
}

async function measure(harness: ReplayHarness, files: number, job: ReplayInput): Promise<void> {
  await harness.startWorker();
  for (const [name, plan] of [['plan', true] as const, ['replay', false] as const]) {
    const handle = await harness.start({ ...job, plan });
    const began = performance.now();
    await handle.result();
    const seconds = (performance.now() - began) / 1000;
    const { events, historyBytes, largestPayload } = await historySize(handle);
    console.log(
      `${name.padEnd(7)} of ${files} files: ${seconds.toFixed(1)} s, ${events} events, ${historyBytes} bytes of history, largest payload ${largestPayload} bytes`,
    );
  }
}
