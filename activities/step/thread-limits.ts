/**
 * Limits of threads that stream records. Nearly all that they allocate is garbage at once, and buffers outside of the
 * heap go with it: where V8 lets the young ones grow to 48 MiB a thread, as by default, it is only collected later.
 */
export const STREAMING_THREAD = { maxYoungGenerationSizeMb: 12 } as const;
