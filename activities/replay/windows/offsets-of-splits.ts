import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { openLookedFile } from './first-offsets.ts';
import type { OffsetLook, OffsetSplits } from './offset-splits.ts';
import type { SplitOffsets } from './plan-offset-windows.ts';

/** Files that are looked at at once: most of a look is waiting for HDFS. */
const AT_ONCE = 8;
/** Blocks differ: so much farther than at the rate of the first one. */
const DENSE_MARGIN = 1.25;
const MOST_OFFSET = BigInt(Number.MAX_SAFE_INTEGER);

/** Which offsets splits have, or why that can't be told. */
export type OffsetsOfSplits = { splits: SplitOffsets[] } | { why: string };

/**
 * Which offsets the splits of an archive of whole records have: from the first record of each file or part of one up to the
 * next offset in the file's name, or to where the next part begins; and up to where nearly all of them are, if they go on as
 * in its first block.
 */
export async function offsetsOfSplits(
  store: FileStore,
  job: Pick<ReplayJob, 'archive' | 'topic'>,
  { looks, sizes }: Pick<OffsetSplits, 'looks' | 'sizes'>,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<OffsetsOfSplits> {
  if (looks === undefined)
    return { why: 'there are more files, and parts of files, than are looked at for their first offsets' };
  const splits = sizes.map(({ bytes }, number) => ({
    number,
    bytes,
    from: Infinity,
    denseTo: -Infinity,
    to: -Infinity,
  }));
  const byFile = partsByFile(looks);
  const queue = byFile.values();
  let looked = 0;
  let why: string | undefined;
  const lookAtNext = async (): Promise<void> => {
    for (const parts of queue) {
      if (why !== undefined) return;
      const [{ file }] = parts;
      const found = await told(file.path, () => spansOf(store, job, parts, signal));
      if ('why' in found) {
        why ??= found.why;
        return;
      }
      for (const { number, from, denseTo, to } of found.splits) {
        const split = splits[number]!;
        split.from = Math.min(split.from, from);
        split.denseTo = Math.max(split.denseTo, denseTo);
        split.to = Math.max(split.to, to);
      }
      looked += 1;
      progress({ looked, of: byFile.length, at: file.path });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));
  return why === undefined ? { splits } : { why };
}

type Parts = [OffsetLook, ...OffsetLook[]];

/** The parts of a file follow one another. */
function partsByFile(looks: readonly OffsetLook[]): Parts[] {
  const files: Parts[] = [];
  for (const look of looks) {
    const last = files.at(-1);
    if (last !== undefined && last[0].file.path === look.file.path) last.push(look);
    else files.push([look]);
  }
  return files;
}

async function spansOf(
  store: FileStore,
  { archive, topic }: Pick<ReplayJob, 'archive' | 'topic'>,
  parts: Parts,
  signal: AbortSignal,
): Promise<OffsetsOfSplits> {
  const [{ file }] = parts;
  const { path, partition } = file;
  const next = layoutOf(archive.layout).facts(path, topic)?.nextOffset;
  if (partition === undefined || next === undefined)
    return { why: `the name of ${path} tells no partition, or no offsets` };
  if (next > MOST_OFFSET) return { why: `the offsets of ${path} go beyond 2^53` };
  const looked = await openLookedFile(store, file, signal);
  const spans: SplitOffsets[] = [];
  // The last part has the name's end, and each other one ends where the one behind it begins.
  let to = Number(next);
  for (const { split: number, range } of parts.toReversed()) {
    const first = await looked.first(range, signal);
    if (first === undefined) continue;
    if (first.partition !== partition)
      return { why: `${path} has records of partition ${first.partition}, and its name tells ${partition}` };
    if (first.offset >= BigInt(to))
      return {
        why: `${path} has the offset ${first.offset} before ${to}, or where its name tells ${next} for the next`,
      };
    const from = Number(first.offset);
    const bytes = (range?.end ?? file.length) - (range?.start ?? 0);
    const denseTo = Math.min(to, from + Math.ceil(first.offsetsPerByte * bytes * DENSE_MARGIN));
    spans.push({ number, bytes, from, denseTo, to });
    to = from;
  }
  return { splits: spans };
}

/** What can't be read is told, or skipped, where it is decoded. */
async function told(path: string, look: () => Promise<OffsetsOfSplits>): Promise<OffsetsOfSplits> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof FormatError) return { why: `the first record of ${path} can't be read: ${error.message}` };
    if (error instanceof ConnectionError && error.fault === 'changed') return { why: error.message };
    throw error;
  }
}
