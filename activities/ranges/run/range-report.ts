import { z } from 'zod';
import type { RangesFiles } from '../ranges-files.ts';
import { parseStaged } from '../../step/staged-json.ts';
import type { RangeDone } from './range-task.ts';
import type { PlannedRange } from '../plan/range-plan-file.ts';

/** What a range has come to, in a file that is put in place once: whichever attempt was first. */
const rangeReport = z.object({
  version: z.literal(1),
  id: z.string(),
  /** As JSON. */
  summary: z.string(),
  records: z.number(),
  bytes: z.number(),
  left: z.record(z.string(), z.number()),
  /** The first few of the values that could not be decoded. */
  examples: z.array(z.object({ offset: z.string(), reason: z.string(), message: z.string() })),
  /** SHA-256 of the functions module. */
  hash: z.string(),
  seconds: z.number(),
});

export type RangeReport = z.output<typeof rangeReport>;

const EXAMPLES = 3;

export function encodeReport({ id }: PlannedRange, { skipped, ...done }: RangeDone): Uint8Array {
  const examples = skipped.slice(0, EXAMPLES).map((each) => ({ ...each, message: each.message.slice(0, 300) }));
  const report: RangeReport = { version: 1, id, ...done, examples };
  return Buffer.from(JSON.stringify(report));
}

export function parseReport(path: string, bytes: Uint8Array): RangeReport {
  return parseStaged(path, rangeReport, bytes);
}

/** The report of a range, if it is done. */
export async function readReport(
  files: RangesFiles,
  { id }: Pick<PlannedRange, 'id'>,
  signal: AbortSignal,
): Promise<RangeReport | undefined> {
  const path = files.report(id);
  const bytes = await files.readSmall(path, signal);
  return bytes === undefined ? undefined : parseReport(path, bytes);
}
