import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { firstTen } from '../../step/first-ten.ts';

/** A group that was left alone and has offsets of some partitions only: what becomes of the others. */
export function partialGroupRemarks(
  where: 'Kafka' | 'ZooKeeper',
  group: string,
  pins: Pick<PinnedOffsets, 'next'>,
  present: Iterable<string>,
): string[] {
  const has = new Set(present);
  const without = Object.entries(pins.next).filter(([partition]) => !has.has(partition));
  if (without.length === 0 || has.size === 0) return [];
  const list = without.map(([partition, offset]) => `${partition} (pinned: ${offset})`);
  return [
    `group ${group} was left alone, and has no offset in ${where} of these partitions, where its consumers begin by their own default (auto.offset.reset): ${firstTen(list)}. Set offsets.existing to "overwrite" to commit all partitions as they are pinned.`,
  ];
}
