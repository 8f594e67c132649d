/** What is in a part of a file, as far as its own frames tell. */
export interface CountedRecords {
  /** Records that heads of blocks, frames or line ends count. */
  records: number;
  /** Bytes beside them of which nothing tells how many records they hold. */
  bytes: number;
  /** Records a byte of them, where a part could be read. */
  perByte?: number | undefined;
}

/** No codec makes more of one byte (zlib: 1032), and a record has one at least. */
const MOST_A_BYTE = 1032;

/** Whether so many records can be in so many bytes; of a frame that is damaged elsewhere, a number is believed less. */
export function isCredible(records: number, bytes: number, frame: 'whole' | 'damaged'): boolean {
  return records <= bytes * (frame === 'whole' ? MOST_A_BYTE : 1);
}

/** What is passed over with a bad block: the records that its head counts, or bytes. */
export function lostIn({ position, end, count }: { position: number; end: number; count?: number }): CountedRecords {
  if (count !== undefined) return { records: count, bytes: 0 };
  return end > position ? { records: 0, bytes: end - position } : { records: 1, bytes: 0 };
}
