import { expect } from 'vitest';
import { verifyReplay, type GroundTruth } from './camus-archive/index.ts';
import type { Expectations } from './camus-archive/replay-comparison.ts';
import type { ReplayHarness } from './replay-harness.ts';

/** A plain read_committed consumer finds every record of the truth once, in order, with the bytes that are expected. */
export async function expectReplayed(
  harness: ReplayHarness,
  topic: string,
  truth: GroundTruth,
  expectations: Expectations = {},
): Promise<void> {
  const { ok, summary } = await verifyReplay({ brokers: harness.stack.kafka, topic, truth, ...expectations });
  expect(ok, summary).toBe(true);
}
