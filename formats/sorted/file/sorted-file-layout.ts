/**
 * The sorted file, version 1. All numbers are little-endian; u53 is an unsigned 64-bit number of at most 2^53-1; text
 * is UTF-8. A `key` is 16 bytes: lower half of the time u32, upper half i32, split u32, sequence u32.
 *
 * | part    | fields                                                                                               |
 * | ------- | ---------------------------------------------------------------------------------------------------- |
 * | header  | magic `RwndSort`, version u16, length of the fingerprint u16, first and last split u32, fingerprint,  |
 * |         | CRC32C of the header up to here u32                                                                   |
 * | section | blocks, one after the other; keys ascend strictly through the section                                 |
 * | block   | CRC32C of what follows in the block u32, length with this head u32, section u32, count of entries     |
 * |         | u32, entries of the section before it u53; then the entries                                           |
 * | entry   | lower half of the time u32, upper half i32, sequence u32, file u32, partition u32, length of the body |
 * |         | u32; then the body. The split stands at the file in the footer's table                                |
 * | footer  | see below                                                                                             |
 * | trailer | length of the footer u32, CRC32C of the footer and this length u32, magic `RwndDone`                  |
 *
 * | footer  | fields                                                                                               |
 * | ------- | ---------------------------------------------------------------------------------------------------- |
 * | facts   | first and last split u32, length of the fingerprint u32, fingerprint, end of the header u53, end of   |
 * |         | the last section u53, records u53, bytes of bodies u53, largest body u32, largest block u32           |
 * | counts  | replay partitions u32, and for each the records u53                                                   |
 * | sections| count u32, and for each: position u53, bytes u53, records u53, first key, last key, index entries u32, |
 * |         | and for each of those: position of a block u53, entries of the section before it u53, first key       |
 * | files   | count u32, and for each: split u32, source partition i32 (-1: none), length of the path u32, path      |
 *
 * A file that was cut off looks finished to HDFS, so the trailer stands at the very end, and everything that the
 * footer says is checked against the length of the file and against the blocks when they are read.
 */
export const HEADER_MAGIC = 'RwndSort';
export const TRAILER_MAGIC = 'RwndDone';
export const MAGIC_BYTES = 8;
export const VERSION = 1;

/** Header without its fingerprint: magic, version, length, two splits, checksum. */
export const FIXED_HEADER_BYTES = MAGIC_BYTES + 2 + 2 + 4 + 4 + 4;
/** Bytes of the longest fingerprint; so a header fits into one small read. */
export const MAX_FINGERPRINT_BYTES = 128;

export const BLOCK_HEAD_BYTES = 24;
export const ENTRY_HEAD_BYTES = 24;
export const KEY_BYTES = 16;
export const INDEX_ENTRY_BYTES = 8 + 8 + KEY_BYTES;
export const TRAILER_BYTES = 4 + 4 + MAGIC_BYTES;

/**
 * Bytes of a block, unless a single entry is larger. A merge of 64 sections walks through 64 blocks at once: at 256 KiB
 * they do not stay in the processor's cache, and each entry costs 300 ns instead of 215.
 */
export const DEFAULT_BLOCK_BYTES = 64 * 1024;
/** Index entries a section: beyond it every second one is dropped. Each block of 64 KiB is indexed up to 1 GiB. */
export const MAX_INDEX_ENTRIES = 16 * 1024;
/** More partitions than any topic has: a number above is a mistake, and would cost memory. */
export const MAX_PARTITIONS = 1_000_000;
