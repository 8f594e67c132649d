import { ReplayComparison } from './replay-comparison.ts';
import { readTopicToItsEnd } from './topic-reader.ts';
import type { GroundTruth } from './ground-truth.ts';
import type { Comparison, Expectations } from './replay-comparison.ts';
import type { TopicEnd, TopicReaderOptions } from './topic-reader.ts';

export interface VerifyOptions extends TopicReaderOptions, Expectations {
  truth: GroundTruth;
}

export interface Verification extends Comparison {
  partitions: TopicEnd[];
  seconds: number;
  /** A few lines for a person. */
  summary: string;
}

/**
 * Reads a replay topic to its end as a consumer would and compares every record with the ground truth: each once, in
 * total order (each partition in order and the union complete), value, key, timestamp and ordinal as expected.
 */
export async function verifyReplay(options: VerifyOptions): Promise<Verification> {
  const began = performance.now();
  const comparison = new ReplayComparison(options.truth, options);
  const partitions = await readTopicToItsEnd(options, (partition, message) =>
    comparison.take({ ...message, partition }),
  );
  if (options.ordinalHeader === undefined && 'ordinalHeader' in options && partitions.length > 1)
    throw new Error(`${options.topic} has ${partitions.length} partitions: without ordinals only one can be compared`);
  const result = comparison.result();
  const seconds = (performance.now() - began) / 1000;
  return { ...result, partitions, seconds, summary: summaryOf(options.topic, result, seconds) };
}

function summaryOf(
  topic: string,
  { ok, expected, consumed, missing, differences, told }: Comparison,
  seconds: number,
): string {
  const lines = [
    `${topic}: ${ok ? 'as expected' : 'NOT as expected'}: ${consumed} records of ${expected} in ${seconds.toFixed(1)} s`,
    ...(missing.count > 0 ? [`missing: ${missing.count}, the first with ordinals ${missing.first.join(', ')}`] : []),
    ...(differences > 0 ? [`${differences} differences, the first:`, ...told] : []),
  ];
  return lines.join('\n');
}
