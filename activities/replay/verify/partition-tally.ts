import { z } from 'zod';
import type { LogBatch, RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { ordinalAt } from '../publish/ordinal-of.ts';

const MAX_RANGES = 10;

/** What was found in a partition so far: JSON, so that the next attempt goes on with it. Offsets are decimal text. */
export const tallyShape = z.object({
  partition: z.int(),
  /** End of the log when the reading began, and of the reading. */
  end: z.string(),
  /** Everything below was read. */
  next: z.string(),
  /** Whether each committed record is looked at: where the batches alone don't tell for certain. */
  ordinals: z.boolean(),
  /** Committed records. */
  records: z.int(),
  first: z.string().optional(),
  last: z.string().optional(),
  aborted: z.int(),
  abortedRanges: z.array(z.object({ from: z.string(), to: z.string() })),
  /** Whether the last records were aborted ones, so that more of them belong to the same range. */
  inAborted: z.boolean(),
  markers: z.int(),
  /** The one producer of all committed batches, as far as there is only one. */
  producer: z.string().optional(),
  /** What is not as an undisturbed replay leaves it; the first few. */
  disturbed: z.array(z.string()),
  lastOrdinal: z.int(),
  /** What is wrong with a committed record itself, the first time. */
  wrong: z.string().optional(),
});

export type PartitionTally = z.infer<typeof tallyShape>;

export function emptyTally(partition: number, end: bigint, ordinals: boolean): PartitionTally {
  return {
    partition,
    end: String(end),
    next: '0',
    ordinals,
    records: 0,
    aborted: 0,
    abortedRanges: [],
    inAborted: false,
    markers: 0,
    disturbed: [],
    lastOrdinal: -1,
  };
}

/** Counts one more batch, which must be the next one; `total` is the number of records of the whole sequence. */
export async function countBatch(tally: PartitionTally, batch: LogBatch, total: bigint): Promise<void> {
  const from = String(batch.baseOffset);
  if (from !== tally.next) disturb(tally, `offsets ${tally.next} to ${batch.baseOffset - 1n} are not in the log`);
  if (BigInt(batch.count) !== batch.nextOffset - batch.baseOffset)
    disturb(tally, `the batch at ${from} holds ${batch.count} records of ${batch.nextOffset - batch.baseOffset}`);
  if (batch.kind === 'control') tally.markers++;
  else if (batch.kind === 'aborted') countAborted(tally, batch);
  else await countCommitted(tally, batch, total);
  tally.next = String(batch.nextOffset);
}

function countAborted(tally: PartitionTally, batch: LogBatch): void {
  disturb(tally, `records from ${batch.baseOffset} on were aborted`);
  tally.aborted += batch.count;
  const open = tally.inAborted ? tally.abortedRanges.at(-1) : undefined;
  if (open !== undefined && tally.abortedRanges.length <= MAX_RANGES) open.to = String(batch.nextOffset);
  else if (!tally.inAborted && tally.abortedRanges.length < MAX_RANGES)
    tally.abortedRanges.push({ from: String(batch.baseOffset), to: String(batch.nextOffset) });
  tally.inAborted = true;
}

async function countCommitted(tally: PartitionTally, batch: LogBatch, total: bigint): Promise<void> {
  tally.inAborted = false;
  tally.producer ??= String(batch.producerId);
  if (!batch.isTransactional) disturb(tally, `the batch at ${batch.baseOffset} is of no transaction`);
  else if (tally.producer !== String(batch.producerId))
    disturb(tally, `the batch at ${batch.baseOffset} is of producer ${batch.producerId}, not of ${tally.producer}`);
  tally.records += batch.count;
  if (batch.count > 0) {
    tally.first ??= String(batch.baseOffset);
    tally.last = String(batch.lastOffset);
  }
  if (!tally.ordinals) return;
  for await (const run of batch.records()) while (run.next()) tally.wrong ??= lookAtOrdinal(tally, run, total);
}

/** Records of one partition have rising ordinals, each below the number of all records. Says what is wrong. */
function lookAtOrdinal(tally: PartitionTally, record: RecordCursor, total: bigint): string | undefined {
  const { offset } = record;
  const ordinal = ordinalAt(record);
  if (ordinal === undefined) return `the record at offset ${offset} has no ordinal: this replay did not write it`;
  if (ordinal <= BigInt(tally.lastOrdinal))
    return `the record at offset ${offset} has ordinal ${ordinal}, behind one with ${tally.lastOrdinal}`;
  if (ordinal >= total)
    return `the record at offset ${offset} has ordinal ${ordinal}, and the sequence has ${total} records`;
  tally.lastOrdinal = Number(ordinal);
  return undefined;
}

function disturb(tally: PartitionTally, what: string): void {
  if (tally.disturbed.length < 3) tally.disturbed.push(what);
}
