import { isCredible } from '../counted-records.ts';
import { SYNC_LENGTH } from './container-header.ts';
import { LONGEST_HEAD } from './container-frame.ts';
import { decodeLong } from './container-long.ts';
import type { ContainerFile } from './container-sync.ts';

/**
 * Records in the bytes [from, to) that are passed over, from the start of a block to the next one that is whole: as the
 * heads in them count, where the blocks end just there; else as the head of the first says, for between two sync markers
 * is one block. Undefined where nothing tells.
 */
export async function recordsLost(file: ContainerFile, from: number, to: number): Promise<number | undefined> {
  let records = 0;
  let first: number | undefined;
  let position = from;
  while (position < to) {
    const head = await headAt(file, position);
    if (head === undefined) break;
    first ??= head.count;
    records += head.count;
    position += head.length;
  }
  if (position === to && isCredible(records, to - from, 'whole')) return records;
  return first !== undefined && isCredible(first, to - from, 'damaged') ? first : undefined;
}

/** The two numbers at the head of a block, if they can be such, whatever stands in the place of its marker. */
async function headAt(
  { source, signal }: ContainerFile,
  position: number,
): Promise<{ count: number; length: number } | undefined> {
  const bytes = await source.read(position, Math.min(LONGEST_HEAD, source.length - position), signal);
  const count = decodeLong(bytes, 0, bytes.length);
  if (typeof count.next !== 'number' || !(count.value >= 0)) return undefined;
  const size = decodeLong(bytes, count.next, bytes.length);
  const length = typeof size.next === 'number' && size.value >= 0 ? size.next + size.value + SYNC_LENGTH : Infinity;
  return { count: count.value, length };
}
