import type { SampledFile } from '../decode/sample-files.ts';
import type { SortChoice } from '../windows/choose-windows.ts';
import type { Estimate } from './replay-plan.ts';

/** Bytes that decoded records take for each byte of an archive whose files can't be decoded now (docs/configuration.md). */
const UNKNOWN_FACTOR = 5;

export interface PlannedSizes {
  /** Of all sorted files. */
  sorted: bigint;
  /** Of all records as they are published, uncompressed. */
  published: bigint;
  estimate: Estimate;
  /** Of the largest record that was seen. */
  largestRecord: number;
}

/** Sizes of what a job would write, as the sample suggests for the bytes that it would read. */
export function plannedSizes(inputBytes: bigint, sampled: readonly SampledFile[]): PlannedSizes {
  const read = sampled.flatMap((one) => ('sample' in one ? [one.sample] : []));
  const sum = (of: (sample: (typeof read)[number]) => number): number =>
    read.reduce((total, one) => total + of(one), 0);
  const bytes = sum((sample) => sample.bytes);
  const largestRecord = read.reduce((most, { largestBody }) => Math.max(most, largestBody), 0);
  if (bytes === 0) {
    const guess = inputBytes * BigInt(UNKNOWN_FACTOR);
    return { sorted: guess, published: guess, estimate: { by: 'factor', factor: UNKNOWN_FACTOR }, largestRecord };
  }
  const scaled = (part: number): bigint => BigInt(Math.ceil((part / bytes) * Number(inputBytes)));
  return {
    sorted: scaled(sum((sample) => sample.sortedBytes)),
    published: scaled(sum((sample) => sample.publishedBytes)),
    estimate: { by: 'sample' },
    largestRecord,
  };
}

/**
 * Bytes that staging takes at one time: of all sorted files, or of those of the largest window that goes through staging,
 * which are deleted when it is out. `choice`: of a job that may have windows.
 */
export function stagedBytes(choice: SortChoice | undefined, { sorted }: PlannedSizes, inputBytes: bigint): bigint {
  if (choice?.windows === undefined) return sorted;
  const largest = BigInt(choice.largestStaged?.bytes ?? 0);
  return inputBytes === 0n ? 0n : (sorted * largest + inputBytes - 1n) / inputBytes;
}
