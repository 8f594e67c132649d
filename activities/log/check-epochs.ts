import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminPort, PartitionOffset } from '../../connections/kafka/admin/admin-port.ts';
import { partitionName } from './partition-name.ts';

/** What was read of a partition, by a plan of one moment: two of the same partition have the same epoch. */
export interface ReadStretch {
  topic: string;
  partition: number;
  /** Epoch of the leader that told where the reading ends. */
  leaderEpoch: number;
  /** The offset behind the last one that was read. */
  next: bigint;
}

export interface BrokenStretch {
  /** Whether the log has lost what was read; false: nobody can tell now. */
  lost: boolean;
  message: string;
}

/** How often a leader that doesn't answer is asked, a second apart: as long as an election takes. */
const TURNS = 15;

/** Partitions that are asked about in one round. */
const AT_ONCE = 2_000;

/**
 * Finds what was read of logs that lost their end in an unclean election since they were planned: it may be of two logs,
 * with a hole between them that no offset shows.
 *
 * @returns by its place in `read` what is wrong
 */
export async function brokenStretches(
  kafka: Pick<AdminPort, 'epochEnds'>,
  read: readonly ReadStretch[],
  { signal, progress }: { signal: AbortSignal; progress: () => void },
): Promise<Map<number, BrokenStretch>> {
  const answers = new Map<string, PartitionOffset>();
  let missing = new Map(read.map((one) => [nameOf(one), one]));
  for (let turn = 0; turn < TURNS && missing.size > 0; turn++) {
    // Only who has not answered is waited for.
    if (turn > 0) await sleep(1_000, undefined, { signal });
    progress();
    const asked = [...missing.values()];
    for (let at = 0; at < asked.length; at += AT_ONCE)
      for (const answer of await kafka.epochEnds(asked.slice(at, at + AT_ONCE))) answers.set(nameOf(answer), answer);
    missing = new Map([...missing].filter(([name]) => answers.get(name)?.error !== undefined));
  }
  const broken = new Map<number, BrokenStretch>();
  for (const [place, of] of read.entries()) {
    const { offset, error } = answers.get(nameOf(of)) ?? {};
    if (error !== undefined)
      broken.set(place, {
        lost: false,
        message: `${nameOf(of)}: whether what was read is of one log can't be told: the leader answered ${error}`,
      });
    else if (offset !== undefined && offset < of.next)
      broken.set(place, {
        lost: true,
        message: `${nameOf(of)}: an unclean election lost the log from offset ${offset} on while it was read up to ${of.next}`,
      });
  }
  return broken;
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return partitionName(topic, partition);
}
