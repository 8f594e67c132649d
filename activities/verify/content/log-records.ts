import { setImmediate as turn } from 'node:timers/promises';
import type { OffsetRange, RecordCursor, TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import { ordinalAt } from '../../replay/publish/ordinal-of.ts';
import type { ComparedContent } from './comparison.ts';
import { ContentHash } from './content-hash.ts';
import { logHash } from './log-record.ts';
import type { LogValues } from './log-values.ts';
import type { SeenRecord } from './seen-record.ts';

export interface LogOptions {
  content: ComparedContent;
  /** Whether the archive's records tell their offsets, which are a part of their content then. */
  own: boolean;
  /** Decodes values; undefined: they are compared as they are. */
  values: LogValues | undefined;
  /** Whether records carry ordinals, which must rise. */
  ordinals: boolean;
  signal: AbortSignal;
  progress: (next: bigint) => void;
}

/** What a range of a log holds beside its records. */
export interface LogCounts {
  aborted: number;
  markers: number;
  /** Null values, which archives of values have no place for. */
  tombstones: number;
  /** Values that can't be decoded: no archive can have them. */
  undecodable: number;
  firstUndecodable: string | undefined;
  /** Ordinals of the first and the last record; undefined where there are none. */
  firstOrdinal: string | undefined;
  lastOrdinal: string | undefined;
  /** Records with an ordinal that is not larger than the one before, or with none: the first few, in words. */
  disorder: string[];
}

const MOST_NAMED = 10;
/** Batches come from memory while there are any: without a pause heartbeats and other steps would wait for all of them. */
const TURN_MS = 20;

/** Shows each committed record of a range, in order. */
export async function eachInLog(
  reader: TopicReader,
  range: OffsetRange,
  { content, own, values, ordinals, signal, progress }: LogOptions,
  take: (record: SeenRecord) => void,
): Promise<LogCounts> {
  const counts: LogCounts = {
    aborted: 0,
    markers: 0,
    tombstones: 0,
    undecodable: 0,
    firstUndecodable: undefined,
    firstOrdinal: undefined,
    lastOrdinal: undefined,
    disorder: [],
  };
  const hash = new ContentHash();
  let cursor: RecordCursor | undefined;
  const seen: SeenRecord = {
    partition: range.partition,
    offset: undefined,
    time: Number.NaN,
    hash: () =>
      values === undefined ? logHash(hash, cursor!, content, own ? cursor!.offset : undefined) : values.body.hash(),
    file: -1,
    ordinal: 0,
  };
  let turned = performance.now();
  const rest = async (): Promise<void> => {
    signal.throwIfAborted();
    if (performance.now() - turned < TURN_MS) return;
    await turn(undefined, { signal });
    turned = performance.now();
  };
  for await (const batch of reader.read(range, { signal })) {
    await rest();
    if (batch.kind === 'control') counts.markers += 1;
    else if (batch.kind === 'aborted') counts.aborted += batch.count;
    else
      for await (const run of batch.records()) {
        await rest();
        cursor = run;
        while (run.next()) {
          if (ordinals) lookAtOrdinal(counts, run, range.topic);
          seen.offset = run.offset;
          seen.time = run.timestampNumber >= -1 ? run.timestampNumber : Number.NaN;
          if (values !== undefined) {
            if (run.valueStart < 0) {
              counts.tombstones += 1;
              continue;
            }
            if (!(await values.read(run, signal))) {
              counts.undecodable += 1;
              counts.firstUndecodable ??= `offset ${run.offset}: ${values.wrong}`;
              continue;
            }
            seen.time = values.body.time;
          }
          take(seen);
          seen.ordinal += 1;
        }
      }
    progress(batch.nextOffset);
  }
  return counts;
}

function lookAtOrdinal(counts: LogCounts, record: RecordCursor, topic: string): void {
  const ordinal = ordinalAt(record);
  const last = counts.lastOrdinal === undefined ? -1n : BigInt(counts.lastOrdinal);
  if (ordinal === undefined || ordinal <= last) {
    if (counts.disorder.length < MOST_NAMED)
      counts.disorder.push(
        ordinal === undefined
          ? `${topic}: the record at offset ${record.offset} has no ordinal: no replay wrote it`
          : `${topic}: the record at offset ${record.offset} has ordinal ${ordinal}, behind one with ${last}`,
      );
    return;
  }
  counts.firstOrdinal ??= String(ordinal);
  counts.lastOrdinal = String(ordinal);
}
