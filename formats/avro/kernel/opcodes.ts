/**
 * The instructions of a program that takes a datum of a writer's schema to JSON: 32-bit words, an opcode and its operands.
 * `code` is the address of other instructions, `text` the address and the number of bytes that are written as they are.
 * Both sides read this file: it holds nothing that AssemblyScript understands in another way.
 */

/** Ends the instructions at hand. */
export const END = 0;
/** text: writes it. */
export const TEXT = 1;
/** text, text: of false and of true. */
export const BOOLEAN = 2;
/** Values, as they come: reads one and writes it. */
export const INT = 3;
export const LONG = 4;
export const FLOAT = 5;
export const DOUBLE = 6;
export const STRING = 7;
export const BYTES = 8;
/** size: of a fixed. */
export const FIXED = 9;
/** Numbers that become a float or a double. */
export const INT_AS_FLOAT = 10;
export const INT_AS_DOUBLE = 11;
export const LONG_AS_FLOAT = 12;
export const LONG_AS_DOUBLE = 13;
export const FLOAT_AS_DOUBLE = 14;
/** count, then text for each symbol; of address 0: there is none for it. */
export const ENUM = 15;
/** count, then code for each branch. */
export const UNION = 16;
/** width, code: an array of items that take at least so many bytes. */
export const ARRAY = 17;
/** width, code: a map, of entries likewise. */
export const MAP = 18;
/** marks, code: a record, which notes so many positions. */
export const RECORD = 19;
/** back: notes the position in the mark that is so far below the last one of the records at hand. */
export const MARK = 20;
/** back, code: does it where the mark is, and comes back. */
export const AT_MARK = 21;
/** What is not wanted: read as far as it takes to know where it ends. */
export const SKIP_BOOLEAN = 22;
export const SKIP_INT = 23;
export const SKIP_LONG = 24;
/** size */
export const SKIP_FIXED = 25;
/** A string or bytes. */
export const SKIP_BYTES = 26;
/** count: of an enum's symbols. */
export const SKIP_ENUM = 27;
/** width, code: the blocks of an array or a map. */
export const SKIP_BLOCKS = 28;
/** Gives up: for what has no place in the output schema. */
export const FAIL = 29;
