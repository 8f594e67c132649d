import type { DecidedRun } from './steps.ts';

/** Offsets that partitions are behind, and the partition that is furthest behind. */
export function offsetsLeft(
  partitions: readonly { topic: string; partition: number; next: string; stable: string }[],
): Pick<DecidedRun, 'offsetsLeft' | 'lag'> {
  let all = 0n;
  let lag: DecidedRun['lag'];
  for (const { topic, partition, next, stable } of partitions) {
    const behind = BigInt(stable) - BigInt(next);
    if (behind <= 0n) continue;
    all += behind;
    if (lag === undefined || behind > BigInt(lag.records)) lag = { topic, partition, records: String(behind) };
  }
  return { offsetsLeft: String(all), lag };
}
