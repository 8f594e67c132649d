import { readdirSync, readlinkSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ArchiveResult } from '../workflows/archive/archive-result.ts';
import { createTopics } from '../scripts/stack/create-topics.ts';
import { ArchiveHarness } from '../test/support/archive-harness.ts';
import { onHarness } from '../test/support/on-stack.ts';
import type { ReplayHarness } from '../test/support/replay-harness.ts';
import { historySize } from './history-size.ts';
import { processUsage } from './process-usage.ts';

/**
 * Runs of an archive over very many partitions: a first one with one record in each, a second one with one record more,
 * a third one with nothing new. Seconds, CPU, memory, sockets and open files of the worker, and the history. More runs
 * with new records show whether memory grows from run to run in a worker that lives for years.
 *
 *     npm run bench:many-topics -- [--topics 2000] [--partitions 8] [--runs 2] [--beside ENTRY] [--stack NAME]
 *
 * `--beside` names the `dist/cli/rewind.js` of another build, whose worker is measured first on the same topics.
 */
const { values } = parseArgs({
  options: {
    topics: { type: 'string', default: '2000' },
    partitions: { type: 'string', default: '8' },
    runs: { type: 'string', default: '2' },
    beside: { type: 'string', multiple: true, default: [] },
    stack: { type: 'string' },
  },
});

/** Topics of one request to the broker. */
const AT_ONCE = 100;
const LOOK_EVERY_MS = 100;

await onHarness(values.stack, { purpose: 'bench', onProgress: console.error }, measure);

async function measure(harness: ReplayHarness): Promise<void> {
  const archive = new ArchiveHarness(harness, 'many');
  const names = Array.from({ length: Number(values.topics) }, (_, number) => archive.topic(`many_${number}`));
  console.error(`creating ${names.length} topics of ${values.partitions} partitions`);
  const numPartitions = Number(values.partitions);
  await inGroups(names, (group) => {
    const topics = group.map((topic) => ({ topic, numPartitions }));
    return archive.admin((admin) => createTopics(admin, topics));
  });
  try {
    for (const entry of [...values.beside, undefined]) await measureWorker(harness, archive, names, entry);
  } finally {
    await inGroups(names, (topics) => archive.admin((admin) => admin.deleteTopics({ topics })));
  }
}

/** @param entry - of another build. @default this one */
async function measureWorker(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  names: string[],
  entry: string | undefined,
): Promise<void> {
  const worker = await harness.startWorker({}, [], entry);
  console.log(`worker ${entry ?? 'of this build'}`);
  try {
    for (let run = 1; run <= Number(values.runs); run += 1) {
      await fill(archive, names);
      await archiveAll(archive, names.length * Number(values.partitions), worker.pid, `run ${run}`);
    }
    await archiveAll(archive, 0, worker.pid, 'nothing new');
  } finally {
    await worker.end();
  }
}

/** One record into each partition. */
async function fill(archive: ArchiveHarness, names: string[]): Promise<void> {
  console.error(`a record into each of ${names.length * Number(values.partitions)} partitions`);
  const producer = archive.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const value = JSON.stringify({ timestamp: Date.now(), what: 'a quiet topic' });
  const messages = Array.from({ length: Number(values.partitions) }, (_, partition) => ({ partition, value }));
  await inGroups(names, async (topics) => {
    await producer.sendBatch({ topicMessages: topics.map((topic) => ({ topic, messages })) });
  });
  await producer.disconnect();
}

async function inGroups(names: string[], use: (names: string[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < names.length; at += AT_ONCE) await use(names.slice(at, at + AT_ONCE));
}

async function archiveAll(archive: ArchiveHarness, expected: number, pid: number, run: string): Promise<void> {
  const before = processUsage(pid);
  let sockets = 0;
  let files = 0;
  const looking = setInterval(() => {
    const open = openDescriptors(pid);
    sockets = Math.max(sockets, open.sockets);
    files = Math.max(files, open.files);
  }, LOOK_EVERY_MS);
  const began = performance.now();
  try {
    const handle = await archive.start(archive.job({ topics: { include: [archive.topic('many_[0-9]+')] } }));
    const { records } = (await handle.result()) as ArchiveResult;
    const seconds = (performance.now() - began) / 1000;
    if (Number(records) !== expected) throw new Error(`${records} records were archived, expected ${expected}`);
    const after = processUsage(pid);
    const { events, historyBytes, largestPayload } = await historySize(handle);
    console.log(
      `${run}: ${records} records in ${seconds.toFixed(1)} s, CPU ${(after.cpuSeconds - before.cpuSeconds).toFixed(1)} s, ` +
        `${after.residentMiB} MiB, peak ${after.peakMiB} MiB, ${sockets} sockets, ${files} other descriptors; ${events} events, ${historyBytes} ` +
        `bytes of history, largest payload ${largestPayload} bytes`,
    );
  } finally {
    clearInterval(looking);
  }
}

function openDescriptors(pid: number): { sockets: number; files: number } {
  const folder = `/proc/${pid}/fd`;
  let sockets = 0;
  let files = 0;
  for (const fd of readdirSync(folder))
    try {
      if (readlinkSync(`${folder}/${fd}`).startsWith('socket:')) sockets += 1;
      else files += 1;
    } catch {
      // closed meanwhile
    }
  return { sockets, files };
}
