import { COMPRESSIONS } from '../batch/compression.ts';
import type { FetchAnswer } from '../wire/protocol/fetch.ts';
import { batchHeads, CONTROL, TRANSACTIONAL } from './batch-head.ts';
import type { BatchHead } from './batch-head.ts';
import { LaidOutRecords } from './record-cursor.ts';
import type { LogBatch } from './topic-reader.ts';

export interface JudgedBatch {
  head: BatchHead;
  kind: LogBatch['kind'];
  marker: LogBatch['marker'];
}

const MARKERS = ['abort', 'commit'] as const;

/**
 * Tells aborted batches from committed ones in one answer, as Java's consumer does: a producer's batches are aborted
 * from the first offset that the list of aborted transactions names to its next abort marker.
 */
export function* judgeBatches({ aborted, records }: Pick<FetchAnswer, 'aborted' | 'records'>): Generator<JudgedBatch> {
  const starts = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborting = new Set<bigint>();
  let next = 0;
  for (const head of batchHeads(records)) {
    for (; next < starts.length && starts[next]!.firstOffset <= head.lastOffset; next++)
      aborting.add(starts[next]!.producerId);
    if ((head.attributes & CONTROL) !== 0) {
      const marker = markerOf(head);
      if (marker === 'abort') aborting.delete(head.producerId);
      yield { head, kind: 'control', marker };
    } else {
      const isAborted = (head.attributes & TRANSACTIONAL) !== 0 && aborting.has(head.producerId);
      yield { head, kind: isAborted ? 'aborted' : 'data', marker: undefined };
    }
  }
}

/** What a control batch's only record says in its key: a version, then a type. */
function markerOf(head: BatchHead): LogBatch['marker'] {
  // Compaction takes a marker's record once nothing of its transaction is left, and may leave the batch.
  if (head.count === 0 || COMPRESSIONS[head.attributes & 7] !== 'none') return 'other';
  const whole = { fromDelta: 0, toDelta: Infinity };
  const base = { baseOffset: head.baseOffset, timestamp: head.baseTimestamp, appendTime: false, ...whole };
  const cursor = new LaidOutRecords(head.records, head.records.length, base);
  if (!cursor.next() || cursor.keyEnd - cursor.keyStart < 4) return 'other';
  return MARKERS[head.records.readInt16BE(cursor.keyStart + 2)] ?? 'other';
}
