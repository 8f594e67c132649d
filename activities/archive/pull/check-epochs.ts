import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminPort, PartitionOffset } from '../../../connections/kafka/admin/admin-port.ts';
import { partitionName } from '../../log/partition-name.ts';
import type { PulledRange } from './pull-report.ts';
import type { RangeToPull } from './range-pull.ts';

/** How often a leader that doesn't answer is asked, a second apart: as long as an election takes. */
const TURNS = 15;

/**
 * Refuses ranges whose log lost its end in an unclean election since the run was planned: what was read of them may be
 * of two logs, with a hole between them that no offset shows. The next run reads them again.
 *
 * @returns by the range's place in `pulled` why it is refused
 */
export async function epochsThatBroke(
  kafka: Pick<AdminPort, 'epochEnds'>,
  ranges: readonly RangeToPull[],
  pulled: readonly PulledRange[],
  { signal, progress }: { signal: AbortSignal; progress: () => void },
): Promise<Map<number, string>> {
  const read = pulled.flatMap(({ next }, place) => {
    const { topic, partition, from, leaderEpoch = -1 } = ranges[place]!;
    return BigInt(next) > from && leaderEpoch >= 0
      ? [{ topic, partition, leaderEpoch, place, next: BigInt(next) }]
      : [];
  });
  const answers = new Map<string, PartitionOffset>();
  for (let turn = 0; turn < TURNS; turn++) {
    if (turn > 0) await sleep(1_000, undefined, { signal });
    progress();
    const missing = new Map(
      read
        .filter((each) => answers.get(nameOf(each))?.error !== undefined || turn === 0)
        .map((one) => [nameOf(one), one]),
    );
    if (missing.size === 0) break;
    for (const answer of await kafka.epochEnds([...missing.values()])) answers.set(nameOf(answer), answer);
  }
  const broken = new Map<number, string>();
  for (const { place, next, ...of } of read) {
    const { offset, error } = answers.get(nameOf(of)) ?? {};
    if (error !== undefined)
      broken.set(
        place,
        `${nameOf(of)}: whether what was read is of one log can't be told: the leader answered ${error}; it is read again by the next run`,
      );
    else if (offset !== undefined && offset < next)
      broken.set(
        place,
        `${nameOf(of)}: an unclean election lost the log from offset ${offset} on while it was read up to ${next}; it is read again by the next run`,
      );
  }
  return broken;
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return partitionName(topic, partition);
}
