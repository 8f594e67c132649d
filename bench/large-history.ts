import { parseArgs } from 'node:util';
import { SORT_BUFFER_BYTES } from '../activities/replay/decode-and-sort.ts';
import { readWindows } from '../activities/replay/manifest/read-manifest.ts';
import { Staging } from '../activities/replay/staging.ts';
import { planMergePasses } from '../formats/sorted/merge/passes/plan-passes.ts';
import { installTemporal } from '../scripts/stack/temporal-package.ts';
import { REPLAY_ACTED, stagedSteps } from '../test/support/acted-replay.ts';
import { ActedWorkflow } from '../test/support/acted-workflow.ts';
import { MemoryWorker } from '../test/support/memory-worker.ts';
import { startOwnTemporal } from '../test/support/own-temporal.ts';
import { runsOfChain } from '../test/support/runs-of-chain.ts';
import { SimulatedArchive } from '../test/support/simulated-archive.ts';
import type { SortedPart } from '../test/support/sorted-in-turn.ts';
import { historySize } from './history-size.ts';

/**
 * The history of a replay of an archive of very many files, all of whose windows are sorted in staging: events, bytes and
 * the largest payload of each run, and how many runs there are. The listing and the workflow are the real ones, and the
 * server has its own limits; the other steps answer at once, and so that most is to be done: records of a split are in no
 * order of time, so that all sorted sections of a window overlap.
 *
 *     npm run bench:large-history -- [--files 1000000] [--terabytes 100] [--factor 5] [--windows N]
 *
 * `--factor`: bytes in staging for a byte of input, where it is not to be that of the simulated files. `--windows`: the job
 * has the first N alone.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    terabytes: { type: 'string', default: '100' },
    factor: { type: 'string' },
    windows: { type: 'string' },
  },
});

/** Bytes that a publishing slice gets out: 130,000 records a second of 500 bytes, for five minutes. */
const SLICE_BYTES = 130_000 * 500 * 300;

const files = Number(values.files);
const store = new SimulatedArchive({
  ...{ topic: 'events', dest: '/camus/dest', files },
  bytes: Math.round((Number(values.terabytes) * 1e12) / files),
});
const temporal = await startOwnTemporal(await installTemporal(console.error), {});
try {
  const worker = new MemoryWorker(store);
  const archive = { dest: '/camus/dest', timeZone: 'UTC' };
  const job = await worker.validate({ topic: 'events', archive, sort: 'auto' }, 'job');
  console.error('listing');
  const listing = await worker.list(job);
  if (listing.windows === undefined) throw new Error(`no windows: ${listing.remarks.join('; ')}`);
  const { count, direct } = listing.windows;
  const factor = Number(values.factor ?? listing.windows.memoryPerByte);
  const { manifest } = new Staging(store, job.staging);
  const windows = await readWindows(store, manifest, { splits: listing.splits, windows: listing.windows });
  const parts = windows.slice(0, Number(values.windows ?? count)).map(({ number, firstSplit, endSplit, bytes }) => ({
    ...{ number, firstSplit, endSplit },
    passes: passesOf(Math.ceil((bytes * factor) / SORT_BUFFER_BYTES), job.tuning.mergeFanIn),
    slices: Math.ceil((bytes * factor) / SLICE_BYTES),
  }));
  console.log(`${files} files: ${listing.splits} splits in ${count} windows, ${direct} of which fit into memory`);
  console.log(`played: ${parts.length} windows, all through staging: ${sumsOf(parts)}`);
  const acted = await ActedWorkflow.open(temporal.address, REPLAY_ACTED);
  try {
    acted.begin(stagedSteps({ job, listing }, parts));
    await measure(acted);
  } finally {
    await acted.close();
  }
} finally {
  await temporal.stop();
  await store.close();
}

/** Merge passes of each level, for so many sections that all overlap. */
function passesOf(sections: number, maxOpen: number): number[] {
  const key = { timeHi: 0, split: 0, sequence: 0 };
  const range = { first: { ...key, timeLo: 0 }, last: { ...key, timeLo: 1 }, records: 1, bytes: SORT_BUFFER_BYTES };
  return planMergePasses(
    Array.from({ length: sections }, () => range),
    { maxOpen },
  ).passes.map(({ length }) => length);
}

function sumsOf(parts: readonly SortedPart[]): string {
  const sum = (of: (part: SortedPart) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const passes = sum((part) => part.passes.reduce((all, some) => all + some, 0));
  return `${sum(({ firstSplit, endSplit }) => endSplit - firstSplit)} splits, ${passes} merge passes, ${sum(({ slices }) => slices)} slices`;
}

async function measure(acted: ActedWorkflow): Promise<void> {
  const began = performance.now();
  const handle = await acted.start('replay');
  const all = { runs: 0, events: 0, bytes: 0 };
  const most = { events: 0, bytes: 0, payload: 0 };
  for await (const run of runsOfChain(acted.client, handle)) {
    const { events, historyBytes, largestPayload } = await historySize(run);
    all.runs += 1;
    all.events += events;
    all.bytes += historyBytes;
    most.events = Math.max(most.events, events);
    most.bytes = Math.max(most.bytes, historyBytes);
    most.payload = Math.max(most.payload, largestPayload);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    if (all.runs % 10 === 0) console.error(`${all.runs} runs after ${seconds} s: ${acted.seen.length} steps`);
  }
  console.log(`all: ${all.runs} runs, ${acted.seen.length} steps, ${all.events} events, ${all.bytes} bytes of history`);
  console.log(`of one run at most: ${most.events} events, ${most.bytes} bytes; largest payload ${most.payload} bytes`);
}
