/** Where things are in the memory of the kernel, in bytes. Below are tables of its own. */

/** The program that runs: instructions, then texts. */
export const PROGRAM: i32 = 0x1000;
export const PROGRAM_BYTES: i32 = 0xe000;

/** Positions that records have noted. */
export const MARKS: i32 = 0xf000;
export const MOST_MARKS: i32 = 1024;

/** What a datum becomes. */
export const OUTPUT: i32 = 0x10000;
export const OUTPUT_BYTES: i32 = 0x100000;

/** Bytes of a block of a file. Behind them is room for who reads sixteen at once. */
export const INPUT: i32 = 0x110000;
export const INPUT_BYTES: i32 = 0x3f0000 - 16;
