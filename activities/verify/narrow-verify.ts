import { z } from 'zod';
import { readSplit } from '../replay/manifest/read-manifest.ts';
import type { Servers } from '../step/servers.ts';
import { parseStaged } from '../step/staged-json.ts';
import { readBounds } from './bound-topics.ts';
import { compareLists, type ListDifferences } from './compare/compare-lists.ts';
import { cellText, differencesShape, type DifferingCell } from './compare/differences.ts';
import { findingsOf } from './compare/findings-of.ts';
import { listed, LISTED_BYTES, MOST_RECORDS, type ListedRecord } from './compare/listed-record.ts';
import { READING_BYTES, readArchived } from './compared-archive.ts';
import { readCompared } from './compared-log.ts';
import type { SeenRecord } from './content/seen-record.ts';
import { rangeAt } from './plan/ranges-of.ts';
import type { DifferenceInput, Finding, TalliedRecords } from './steps.ts';
import { cellOptions } from './tally/cell-options.ts';
import { Cells } from './tally/cells.ts';
import type { TallyContext, TallyServers } from './tally/tally-servers.ts';
import type { VerifyJob } from './job/verify-job.ts';
import { requirePlan, requireStaged, targetOf, type TargetPlan } from './verify-plan.ts';
import { VerifyFiles } from './verify-files.ts';

const findings = z.array(z.looseObject({ kind: z.string(), target: z.string(), message: z.string() }));

export const narrowedShape = z.object({ findings, uncompared: z.int(), compacted: z.int() });

/** Looks at each record of a bucket that differs, on both sides, and says which ones they are; answers how many it read. */
export function narrowVerify(deps: TallyServers) {
  return async (input: DifferenceInput, context: TallyContext): Promise<TalliedRecords> => {
    const { job, target, number } = input;
    const { signal } = context;
    const store = deps.hdfs(job.connections.hdfs);
    const files = new VerifyFiles(store, job.staging);
    const path = files.narrowed(target, number);
    if ((await files.readSmall(path, signal)) !== undefined) return { records: 0 };
    const whole = await requirePlan(store, job, signal);
    const plan = targetOf(whole, target);
    const bounds = await readBounds(files, target, signal);
    const { cell, bucketMs } = await cellAt(files, input, signal);
    const found = { target, topic: plan.topic, partition: cell.partition, bucket: cell.bucket };
    const put = async (
      value: { findings: Finding[]; uncompared: number; compacted: number },
      records = 0,
    ): Promise<TalliedRecords> => {
      await files.putSmall(path, Buffer.from(JSON.stringify(value)), signal);
      return { records };
    };
    const { content } = plan.comparison;
    const fewer = cell.archive.count - cell.topic.count;
    if (content === 'none' && plan.compacted && fewer >= 0)
      return put({ findings: [], uncompared: 0, compacted: fewer });
    if (content === 'none' || isTooLong(cell))
      return put({ findings: [wholeBucket(cell, found, content === 'none')], uncompared: 0, compacted: 0 });
    const cells = new Cells({ ...cellOptions(job, plan), bucketMs });
    const isHere = (record: SeenRecord): boolean => {
      const { partition, bucket } = cells.cellOf(record);
      return partition === cell.partition && (Number.isNaN(bucket) ? null : bucket) === cell.bucket;
    };
    const release = await deps.budget.take(bytesOf(cell), signal);
    try {
      const place = { files, manifest: whole.manifest, bounds, isHere };
      const { differs, archived, logged } = await compareCell(deps, job, plan, cell, place, context);
      const all = findingsOf(differs, found);
      const asCounted = archived === cell.archive.count && logged === cell.topic.count;
      // The counts are what was there first: nothing that has gone since speaks for the archive.
      const explained = asCounted && (all.length > 0 || differs.uncompared > 0 || differs.compacted > 0);
      if (!cell.orderOnly && !explained) all.push(goneSince(cell, found, { archived, logged }));
      return await put(
        { findings: all, uncompared: differs.uncompared, compacted: differs.compacted },
        archived + logged,
      );
    } finally {
      release();
    }
  };
}

/** Memory that looking at a bucket takes, in bytes. */
export function narrowingBytes(deps: Pick<Servers, 'hdfs'>) {
  return async (input: DifferenceInput, signal: AbortSignal): Promise<number> => {
    const { job } = input;
    const files = new VerifyFiles(deps.hdfs(job.connections.hdfs), job.staging);
    return bytesOf((await cellAt(files, input, signal)).cell);
  };
}

async function cellAt(
  files: VerifyFiles,
  { target, number }: DifferenceInput,
  signal: AbortSignal,
): Promise<{ cell: DifferingCell; bucketMs: number }> {
  const path = files.differences(target);
  const { differing, bucketMs } = parseStaged(path, differencesShape, await requireStaged(files, path, signal));
  return { cell: differing[number]!, bucketMs };
}

function isTooLong({ archive, topic }: DifferingCell): boolean {
  return archive.count > MOST_RECORDS || topic.count > MOST_RECORDS;
}

function bytesOf(cell: DifferingCell): number {
  return READING_BYTES + (isTooLong(cell) ? 0 : (cell.archive.count + cell.topic.count) * LISTED_BYTES);
}

interface CellPlace {
  files: VerifyFiles;
  manifest: string;
  bounds: ReadonlyMap<number, bigint>;
  isHere: (record: SeenRecord) => boolean;
}

/** Lists the records of a cell on both sides, and compares the lists. */
async function compareCell(
  deps: TallyServers,
  job: VerifyJob,
  plan: TargetPlan,
  cell: DifferingCell,
  { files, manifest, bounds, isHere }: CellPlace,
  context: TallyContext,
): Promise<{ differs: ListDifferences; archived: number; logged: number }> {
  const { signal } = context;
  const { target } = plan;
  const store = deps.hdfs(job.connections.hdfs);
  const archived: ListedRecord[] = [];
  for (const split of cell.splits) {
    const part = await readSplit(store, files.manifest(manifest), split, signal);
    await readArchived(store, job, plan, bounds, part, context, {
      take: (record) => {
        if (isHere(record)) archived.push(listed(record, record.hash(), part.files[record.file]!.path));
      },
      uncompared: () => undefined,
      compacted: () => undefined,
    });
  }
  const logged: ListedRecord[] = [];
  for (const range of cell.ranges) {
    const { partition, from, to } = rangeAt(plan, range);
    const before = logged.length;
    await readCompared(deps, job, plan, { partition, from: BigInt(from), to: BigInt(to) }, context, {
      begin: () => (logged.length = before),
      take: (record) => {
        if (isHere(record)) logged.push(listed(record, record.hash(), undefined));
      },
    });
  }
  const trimmed = target === 'source' && !plan.own && (bounds.get(cell.partition) ?? 0n) > 0n;
  const own = plan.own && target === 'source';
  const differs = compareLists(archived, logged, {
    own,
    ordered: plan.comparison.ordered,
    trimmed,
    compacted: plan.compacted && !own,
  });
  return { differs, archived: archived.length, logged: logged.length };
}

/** Of a bucket that is no more what was counted. */
function goneSince(
  cell: DifferingCell,
  { target, topic }: NamedTarget,
  { archived, logged }: { archived: number; logged: number },
): Finding {
  const counted = `the archive had ${cell.archive.count} records, ${topic} ${cell.topic.count}, and they differed`;
  return differs(
    cell,
    target,
    `${counted}; when each was looked at they were ${archived} and ${logged}: the log was trimmed or compacted meanwhile, or files of the archive are gone. Verify again`,
  );
}

function wholeBucket(cell: DifferingCell, { target, topic }: NamedTarget, counted: boolean): Finding {
  const why = counted ? 'records were counted and not compared' : 'there are too many to look at each';
  return differs(cell, target, `the archive has ${cell.archive.count} records, ${topic} ${cell.topic.count}; ${why}`);
}

function differs({ partition, bucket }: DifferingCell, target: DifferenceInput['target'], message: string): Finding {
  const time = bucket !== null && { bucket: new Date(bucket).toISOString() };
  const where = cellText({ partition, bucket: bucket ?? Number.NaN });
  return { kind: 'differs', target, partition, ...time, message: `${where}: ${message}` };
}

interface NamedTarget {
  target: DifferenceInput['target'];
  topic: string;
}
