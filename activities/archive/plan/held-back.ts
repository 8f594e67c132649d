import { ConnectionError } from '../../../connections/connection-error.ts';
import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import type { PlannedPartition } from './plan-file.ts';

/** Partitions that are asked about and named, those with most first. */
const MOST_NAMED = 5;

/**
 * Says which partitions have records behind an open transaction, and since when it stands still: they are archived once
 * it ends, which one whose producer died or sleeps may not do for long. Nobody would see it otherwise: a run reads up to
 * there, and is done.
 */
export async function heldBackRemarks(
  kafka: Pick<AdminPort, 'openTransactions'>,
  partitions: readonly PlannedPartition[],
): Promise<string[]> {
  const held = partitions
    .map((partition) => ({ partition, count: BigInt(partition.latest) - BigInt(partition.stable) }))
    .filter(({ count }) => count > 0n)
    .sort((a, b) => (a.count < b.count ? 1 : -1));
  const remarks: string[] = [];
  for (const { partition, count } of held.slice(0, MOST_NAMED))
    remarks.push(
      `${partition.topic}-${partition.partition}: ${count} offsets are held back by a transaction that is open since offset ${partition.stable}${await whose(kafka, partition)}; they are archived once it ends (kafka-transactions.sh ends one that hangs)`,
    );
  if (held.length > MOST_NAMED)
    remarks.push(`open transactions hold back offsets of ${held.length - MOST_NAMED} more partitions`);
  return remarks;
}

/** Who holds it open, as far as the leader tells. */
async function whose(
  kafka: Pick<AdminPort, 'openTransactions'>,
  { topic, partition }: PlannedPartition,
): Promise<string> {
  try {
    const [oldest] = (await kafka.openTransactions(topic, partition)) ?? [];
    if (oldest === undefined) return '';
    const { producerId, producerEpoch, lastTimestamp } = oldest;
    return `, by producer ${producerId} (epoch ${producerEpoch}), whose last batch is of ${timeText(lastTimestamp)}`;
  } catch (error) {
    // It is told without; what keeps the leader from answering is the next question's affair.
    if (!(error instanceof ConnectionError)) throw error;
    return '';
  }
}

/** Producers write what they like there, such as nanoseconds, for which no calendar has a day. */
function timeText(time: bigint): string {
  if (time < 0n) return 'an unknown time';
  const date = new Date(Number(time));
  return Number.isNaN(date.getTime()) ? `${time} ms since 1970` : date.toISOString();
}
