import type { Staging } from '../staging.ts';

/** Writes down what a split skipped. It outlives the job's staging, so that somebody can look into it. */
export async function keepErrors(
  staging: Staging,
  split: number,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return;
  await staging.beginErrors(signal);
  await staging.putSmall(staging.errors(split), Buffer.from(lines.map((line) => `${line}\n`).join('')), signal);
}
