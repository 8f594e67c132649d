import { z } from 'zod';
import type { ArchiveEntry, ArchiveTree } from '../archive-tree.ts';
import { partitionAccount, type PartitionAccount } from '../execution-account.ts';
import type { ToldRun } from '../pinned-offsets.ts';

/** What an execution says of a partition, and the offsets that it answers for, `to` exclusive. */
export interface ToldRange {
  from: bigint;
  to: bigint;
  run: ToldRun;
}

const account = z.object({ version: z.literal(1), partitions: z.array(partitionAccount) });

/**
 * What the `rewind.json` of an execution says of a topic, by partition; undefined where it is damaged, or of a newer
 * release. One is read at a time, and what it says of other topics is not kept.
 */
export async function executionAccount(
  tree: ArchiveTree,
  file: ArchiveEntry,
  topic: string,
  signal: AbortSignal,
): Promise<Map<string, ToldRange> | undefined> {
  const source = tree.open(file);
  const bytes = await source.read(0, source.length, signal);
  await source.verify(signal);
  const { success, data } = account.safeParse(parsedJson(Buffer.from(bytes).toString()));
  if (!success) return undefined;
  const ofTopic = data.partitions.filter((each) => each.topic === topic);
  return new Map(ofTopic.map((each) => [String(each.partition), toldRange(each)]));
}

function toldRange({ start, next, records, missing, left }: PartitionAccount): ToldRange {
  return {
    from: answersFrom(BigInt(start), missing),
    to: BigInt(next),
    run: {
      records,
      ...(missing.length > 0 && { missing }),
      ...(Object.keys(left).length > 0 && { left }),
    },
  };
}

/** A run that begins behind a gap, or was moved, answers for the offsets that it passed so, too. */
function answersFrom(start: bigint, missing: PartitionAccount['missing']): bigint {
  return missing.reduce((from, gap) => {
    const begin = BigInt(gap.from);
    return begin < from && BigInt(gap.to) >= start ? begin : from;
  }, start);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no shape takes it
  }
}
