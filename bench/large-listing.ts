import { parseArgs } from 'node:util';
import { planReplay } from '../activities/replay/plan-replay.ts';
import { MemoryWorker } from '../test/support/memory-worker.ts';
import { SimulatedArchive } from '../test/support/simulated-archive.ts';
import { SimulatedLines } from '../test/support/simulated-lines.ts';

/**
 * The plan and the manifest of an archive of very many files, which computes its answers: seconds, memory, what is asked
 * of HDFS, splits, and the size of what goes to Temporal. No servers.
 *
 *     npm run bench:large-listing -- [--files 1000000] [--terabytes 100] [--sort auto|whole] [--nifi]
 *
 * `--nifi`: files of one line in one folder, as a flow without MergeContent leaves them.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    terabytes: { type: 'string', default: '100' },
    sort: { type: 'string', default: 'auto' },
    nifi: { type: 'boolean', default: false },
  },
});
const files = Number(values.files);
const bytes = Math.round((Number(values.terabytes) * 1e12) / files);
const camus = { topic: 'events', dest: '/camus/dest', files, bytes };
const store = values.nifi ? await SimulatedLines.open({ ...camus, dest: '/edl' }) : new SimulatedArchive(camus);
const worker = new MemoryWorker(store);
const sort = values.sort === 'whole' ? 'whole' : 'auto';
const archive = values.nifi
  ? ({ layout: 'nifi', dest: '/edl' } as const)
  : ({ dest: '/camus/dest', timeZone: 'UTC' } as const);
const input = { topic: 'events', archive, sort, ...(values.nifi && { output: { partitionCount: 4 } }) } as const;

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  const before = { ...store.asked };
  const began = performance.now();
  const cpu = process.cpuUsage();
  let peak = 0;
  const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const result = await work();
  clearInterval(look);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { lists, statuses, reads } = store.asked;
  console.log(
    `${name.padEnd(9)} ${files} files${values.nifi ? '' : ` of ${bytes} bytes`}: ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} of CPU), peak ${Math.round(peak / 2 ** 20)} MiB, ` +
      `${lists - before.lists} lists, ${statuses - before.statuses} looks, ${reads - before.reads} reads; result of ${JSON.stringify(result).length} bytes`,
  );
}

try {
  await measure('plan', () =>
    planReplay(worker.deps)(
      { input: { ...input, plan: true }, id: 'plan', scheduledAt: 0, startedAt: 0 },
      worker.context,
    ),
  );
  const job = await worker.validate(input, 'job');
  await measure('manifest', async () => {
    const listing = await worker.list(job);
    console.log(`          ${listing.splits} splits, windows: ${JSON.stringify(listing.windows ?? 'none')}`);
    return listing;
  });
} finally {
  await store.close();
}
