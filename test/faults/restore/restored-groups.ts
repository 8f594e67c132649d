import { randomBytes } from 'node:crypto';
import type { Draws } from '../../support/camus-archive/draws.ts';
import { kafkaOffsets } from '../../support/group-offsets.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { readWhole } from './read-whole.ts';

/** Groups of the source that are to go on in the restored topic. */
export interface RestoredGroups {
  /** On HDFS, as `groups.file` of a job. */
  file: string;
  /** Next offsets in the source, by group and partition. */
  old: Record<string, Record<string, string>>;
}

/** Groups that have read nothing, everything, and something of each partition; into holes of offsets, too. */
export async function drawGroups(
  harness: ReplayHarness,
  draws: Draws,
  offsets: readonly (readonly bigint[])[],
): Promise<RestoredGroups> {
  const id = randomBytes(4).toString('hex');
  const next = (own: readonly bigint[]): bigint => (own.at(-1) ?? -1n) + 1n;
  const positions: Record<string, (own: readonly bigint[]) => bigint> = {
    fresh: () => 0n,
    done: next,
    beyond: (own) => next(own) + 100n,
    midway: (own) => BigInt(draws.below(Number(next(own)) + 1)),
    elsewhere: (own) => BigInt(draws.below(Number(next(own)) + 1)),
  };
  const old = Object.fromEntries(
    Object.entries(positions).map(([name, position]) => [
      `${name}-${id}`,
      Object.fromEntries(offsets.map((own, partition) => [String(partition), String(position(own))])),
    ]),
  );
  const file = `${harness.folder}/groups-${id}.json`;
  await harness.store.write(file, [Buffer.from(JSON.stringify({ groups: old }))]);
  return { file, old };
}

/** What is wrong with where groups go on: each reads the records that it had not, and no others. */
export async function checkGroups(
  harness: ReplayHarness,
  replayTopic: string,
  { old }: RestoredGroups,
  offsets: readonly (readonly bigint[])[],
): Promise<string[]> {
  const faults: string[] = [];
  const restored = await readWhole(harness.stack.kafka, replayTopic);
  for (const [group, positions] of Object.entries(old)) {
    const committed = (await kafkaOffsets(harness, group, replayTopic)).offsets;
    for (const [partition, position] of Object.entries(positions)) {
      const at = committed[partition];
      // Records are compared elsewhere: that it is the right number from here to the end tells that they are the right ones.
      const expected = offsets[Number(partition)]!.filter((offset) => offset >= BigInt(position)).length;
      const left = restored[Number(partition)]?.filter(({ offset }) => at !== undefined && offset >= BigInt(at)).length;
      if (at === undefined || left !== expected)
        faults.push(
          `group ${group} was at ${position} of partition ${partition}, and is at ${at ?? 'no offset'} of ${replayTopic}: ${left} records are left, expected ${expected}`,
        );
    }
  }
  return faults;
}
