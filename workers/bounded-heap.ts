import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets what is alive after a collection grow up to fourfold before it looks again, on a machine with much memory: a step
 * that has held the plan of many partitions would be paid for by the next one. So it is collected when as much again was
 * made as is alive. V8 looks at this flag at each collection, of all threads.
 */
export const HEAP_GROWTH = '--heap-growing-percent=100';

/**
 * A thread that decodes or pulls has some 12 MiB alive. By the flag above V8 collects all of it whenever as many bytes of buffers were
 * made, nearly all of which the collector of young objects takes: eight times a million records. So a thread begins with room
 * for 52 MiB. V8 looks at this flag when a thread starts.
 */
export const ROOM_OF_THREADS = '--initial-old-space-size=52';

/** For a process that is a worker and nothing else. */
export function boundHeap(): void {
  setFlagsFromString(HEAP_GROWTH);
}

/** For the threads that start from now on, in such a process: not for those of workflows, whose heaps are larger and last. */
export function giveThreadsRoom(): void {
  setFlagsFromString(ROOM_OF_THREADS);
}
