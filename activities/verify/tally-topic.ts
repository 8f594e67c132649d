import { parseStaged } from '../step/staged-json.ts';
import { READING_BYTES } from './compared-archive.ts';
import { VERIFY_COUNTERS } from './counters.ts';
import { readCompared } from './compared-log.ts';
import { rangeAt } from './plan/ranges-of.ts';
import { cellOptions } from './tally/cell-options.ts';
import { Cells } from './tally/cells.ts';
import { OffsetBits } from './tally/offset-bits.ts';
import type { TallyContext, TallyServers } from './tally/tally-servers.ts';
import { topicTally, type TopicTally } from './tally/tally-files.ts';
import type { TalliedRecords, TopicRangeInput } from './steps.ts';
import { requirePlan, targetOf, tellsCompacted } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

/** Counts and hashes a range of a topic, once: an attempt that finds it done takes it as it is. */
export function tallyTopic(deps: TallyServers) {
  return async ({ job, target, range }: TopicRangeInput, context: TallyContext): Promise<TalliedRecords> => {
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const path = files.topicTally(target, range);
    const before = await files.readSmall(path, signal);
    if (before !== undefined) return { records: parseStaged(path, topicTally, before).records };
    const plan = targetOf(await requirePlan(store, job, signal), target);
    const { partition, from, to } = rangeAt(plan, range);
    let cells = new Cells(cellOptions(job, plan));
    let records = 0;
    let start = from;
    const bits = (): OffsetBits | undefined =>
      tellsCompacted(plan) ? new OffsetBits(BigInt(from), BigInt(to)) : undefined;
    let left = bits();
    const release = await deps.budget.take(READING_BYTES, signal);
    const counts = await readCompared(deps, job, plan, { partition, from: BigInt(from), to: BigInt(to) }, context, {
      begin: (at) => {
        cells = new Cells(cellOptions(job, plan));
        records = 0;
        left = bits();
        start = String(at);
      },
      take: (record) => {
        cells.add(record);
        left?.add(record.offset!);
        records += 1;
      },
    }).finally(release);
    const { bucketMs } = cells;
    const tally: TopicTally = {
      partition,
      from: start,
      to,
      records,
      ...counts,
      ...(left !== undefined && { left: left.toText() }),
      bucketMs,
      cells: cells.lines(),
    };
    context.metrics.count(VERIFY_COUNTERS.rewind_records_compared, records);
    const placed = await files.putSmall(path, Buffer.from(JSON.stringify(tally)), signal);
    return { records: parseStaged(path, topicTally, placed).records };
  };
}
