import { RangeMemory } from '../../../formats/range-memory.ts';

/** Memory for what this thread reads, from split to split. */
export const threadMemory = new RangeMemory();
