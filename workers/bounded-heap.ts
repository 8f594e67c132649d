import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets what is alive after a collection grow up to fourfold before it looks again, on a machine with much memory: a step
 * that has held the plan of many partitions would be paid for by the next one. So it is collected when as much again was
 * made as is alive. V8 looks at this flag at each collection, of all threads.
 */
export const HEAP_GROWTH = '--heap-growing-percent=100';

/** For a process that is a worker and nothing else. */
export function boundHeap(): void {
  setFlagsFromString(HEAP_GROWTH);
}
