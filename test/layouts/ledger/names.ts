import type { FileFacts } from '../../../layouts/archive-layout.ts';

const NAME = /\/([^/]+)\/p(\d+)\/(\d+)-(\d+)@(\d{13})\.jsonl$/;

/** DEST/TOPIC/pPARTITION/FIRST-LAST@HOUR.jsonl: one line a record, each offset once, the hour in ms since 1970. */
export function ledgerFacts(path: string, topic: string): FileFacts | undefined {
  const [, named, partition = '', first = '', last = '', hour = ''] = NAME.exec(path) ?? [];
  if (named !== topic) return undefined;
  const [firstOffset, nextOffset] = [BigInt(first), BigInt(last) + 1n];
  return {
    topic,
    partition: Number(partition),
    firstOffset,
    nextOffset,
    count: Number(nextOffset - firstOffset),
    offsetsCountRecords: true,
    bucketStartMs: Number(hour),
  };
}
