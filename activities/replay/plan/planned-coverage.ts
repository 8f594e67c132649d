import { OffsetRanges, rangeText, type OffsetRange } from '../../../layouts/offset-ranges.ts';
import { boundedRemarks } from '../../step/bounded-remarks.ts';
import { JobError } from '../../step/job-error.ts';
import type { SampledFile } from '../decode/sample-files.ts';
import type { SampledOffsets } from '../decode/sampled-offsets.ts';
import { ordersByRecords } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';

/** Holes of a partition that are named. */
const NAMED = 5;

interface Covered {
  ranges: OffsetRanges;
  records: bigint;
  /** Whether there are offsets beside. */
  more: boolean;
}

/**
 * What the sample says of offsets that records tell: those that are there twice, and those that none has. Where it is all
 * of the archive that is what the job would find; else holes say nothing, and repeats are those of the sample.
 */
export function plannedCoverage(
  job: ReplayJob,
  sampled: readonly SampledFile[],
  files: number,
): { remarks: string[]; error?: JobError } {
  const samples = sampled.flatMap((one) => ('sample' in one ? [one.sample] : []));
  if (!ordersByRecords(job) || samples.length === 0) return { remarks: [] };
  const partitions = coveredBy(samples.flatMap(({ offsets }) => offsets ?? []));
  const isAll = samples.length === files && samples.every(({ whole }) => whole);
  const cut = [...partitions.values()].some(({ more }) => more);
  const repeated = [...partitions].flatMap(([partition, { records, ranges }]) => {
    const again = records - sizeOf(ranges);
    return cut || again <= 0n ? [] : [`${again} of partition ${partition}`];
  });
  const repeats =
    repeated.length === 0
      ? []
      : [`records of the sample have a partition and an offset that another one has: ${listed(repeated)}`];
  if (!isAll || cut)
    return {
      remarks: [
        ...repeats,
        `which offsets are missing, or there twice, is known when all records are sorted, before anything is published: the sample has ${samples.length} of ${files} files`,
      ],
    };
  const leavesOut = job.from !== undefined || job.to !== undefined || job.functions.filter !== undefined;
  const holes = leavesOut
    ? []
    : [...partitions].flatMap(([partition, { ranges }]) => {
        const missing = ranges.holes();
        return missing.length === 0 ? [] : [`partition ${partition}: ${named(missing)}`];
      });
  if (holes.length === 0) return { remarks: repeats };
  const told = `no record has these offsets: ${boundedRemarks(holes).join('; ')}`;
  if (job.archive.gaps !== 'fail') return { remarks: [...repeats, told] };
  const error = new JobError(
    'records-missing',
    `${told}, and archive.gaps is "fail". Bring the files back; or, where these are markers of transactions or what compaction has removed, set archive.gaps to "report".`,
    { partitions: holes.length },
  );
  return { remarks: repeats, error };
}

function coveredBy(all: readonly SampledOffsets[]): Map<number, Covered> {
  const partitions = new Map<number, Covered>();
  for (const { partition, records, runs, more } of all) {
    const known = partitions.get(partition) ?? { ranges: new OffsetRanges(), records: 0n, more: false };
    for (const { from, to } of runs) known.ranges.add(BigInt(from), BigInt(to));
    known.records += BigInt(records);
    known.more ||= more;
    partitions.set(partition, known);
  }
  return new Map([...partitions].sort(([a], [b]) => a - b));
}

function sizeOf(ranges: OffsetRanges): bigint {
  const { first = 0n, next = 0n } = ranges;
  return ranges.holes().reduce((size, { from, to }) => size - (to - from), next - first);
}

function named(holes: readonly OffsetRange[]): string {
  const more = holes.length > NAMED ? ` and ${holes.length - NAMED} more` : '';
  return `${holes.slice(0, NAMED).map(rangeText).join(', ')}${more}`;
}

function listed(items: readonly string[]): string {
  return `${items.slice(0, 10).join(', ')}${items.length > 10 ? ` and of ${items.length - 10} more` : ''}`;
}
