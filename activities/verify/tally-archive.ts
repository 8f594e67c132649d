import { readSplit } from '../replay/manifest/read-manifest.ts';
import { parseStaged } from '../step/staged-json.ts';
import { readBounds } from './bound-topics.ts';
import { READING_BYTES, readArchived } from './compared-archive.ts';
import { VERIFY_COUNTERS } from './counters.ts';
import { cellOptions } from './tally/cell-options.ts';
import { Cells } from './tally/cells.ts';
import { OffsetOrder } from './tally/offset-order.ts';
import type { TallyContext, TallyServers } from './tally/tally-servers.ts';
import { archiveTally, type ArchiveTally } from './tally/tally-files.ts';
import type { ArchiveSplitInput, TalliedRecords } from './steps.ts';
import { requirePlan, targetOf } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/** Faults of one split that are listed; all are counted. */
const MOST_LISTED = 100;

/** Decodes a split of the archive, and counts and hashes its records, once. */
export function tallyArchive(deps: TallyServers) {
  return async ({ job, target, split }: ArchiveSplitInput, context: TallyContext): Promise<TalliedRecords> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const path = files.archiveTally(target, split);
    const before = await files.readSmall(path, signal);
    if (before !== undefined) return { records: parseStaged(path, archiveTally, before).records };
    const whole = await requirePlan(store, job, signal);
    const plan = targetOf(whole, target);
    const bounds = await readBounds(files, target, signal);
    const part = await readSplit(store, files.manifest(whole.manifest), split, signal);
    const cells = new Cells(cellOptions(job, plan));
    const order = new OffsetOrder(part.files);
    let records = 0;
    let uncompared = 0;
    let compacted = 0;
    const release = await deps.budget.take(READING_BYTES, signal);
    const unreadable = await readArchived(store, job, plan, bounds, part, context, {
      take: (record) => {
        cells.add(record);
        // Told once, and not for every topic that the archive is compared with.
        if (target === job.targets[0]) order.look(record);
        records += 1;
      },
      uncompared: (more) => (uncompared += more),
      compacted: () => (compacted += 1),
    }).finally(release);
    const tally: ArchiveTally = {
      records,
      uncompared,
      compacted,
      unreadable: unreadable.slice(0, MOST_LISTED),
      moreUnreadable: Math.max(0, unreadable.length - MOST_LISTED),
      disorder: order.found,
      bucketMs: cells.bucketMs,
      cells: cells.lines(),
    };
    context.metrics.count(VERIFY_COUNTERS.rewind_records_compared, records);
    const placed = await files.putSmall(path, Buffer.from(JSON.stringify(tally)), signal);
    return { records: parseStaged(path, archiveTally, placed).records };
  };
}
