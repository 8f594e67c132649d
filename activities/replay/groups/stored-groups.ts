import { z } from 'zod';

const offset = z.union([z.string().regex(/^\d{1,19}$/), z.int().min(0)]).transform(String);

/** Next offsets of consumer groups, by group and partition: decimal text, or numbers in a file that somebody else wrote. */
export const groupOffsetsShape = z.object({
  groups: z.record(z.string().min(1).max(255), z.record(z.string().regex(/^\d{1,10}$/), offset)),
});

/** `group-offsets.json`: the new offsets, and how many of them are ends of partitions, so that every attempt says so. */
export const translatedGroupsShape = groupOffsetsShape.extend({ atEnd: z.int().min(0).default(0) });

/** What `groups.json` and `group-offsets.json` in staging hold: the old offsets, as pinned, and the new ones. */
export type GroupOffsetsByName = z.output<typeof groupOffsetsShape>['groups'];

/** The largest partition that some group has an offset of; -1 where none has. */
export function largestPartition(groups: GroupOffsetsByName): number {
  let largest = -1;
  for (const offsets of Object.values(groups))
    for (const partition of Object.keys(offsets)) largest = Math.max(largest, Number(partition));
  return largest;
}
