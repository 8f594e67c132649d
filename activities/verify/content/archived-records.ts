import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { openFileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { partitionOfKey } from '../../../connections/kafka/publish/murmur2.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { decodeListedFile } from '../../replay/decode/decode-listed-file.ts';
import { pulse } from '../../replay/decode/thread-pulse.ts';
import { RecordSink } from '../../replay/decode/record-sink.ts';
import { SkippedRecords } from '../../replay/decode/skipped-records.ts';
import { tellsOffsets } from '../../replay/job/own-offsets.ts';
import type { ReplayJob } from '../../replay/job/replay-job.ts';
import type { ManifestFile, Split } from '../../replay/manifest/manifest.ts';
import { JobError } from '../../step/job-error.ts';
import { BodyRecord } from './body-record.ts';
import type { ComparedContent } from './comparison.ts';
import type { SeenRecord } from './seen-record.ts';

/** Small, so that heartbeats never wait long for a buffer of records. */
const BUFFER_BYTES = 1024 * 1024;

export interface ArchivedOptions {
  /** The job by which files are decoded. */
  decoding: ReplayJob;
  /** How the replay has laid out its partitions; undefined: each record is in that of the source. */
  published: ReplayJob['output'] | undefined;
  content: ComparedContent;
  /** Whether records tell their offsets, which are a part of their content then. */
  own: boolean;
  /** JSON of the schema to which Avro data are resolved; undefined: each file's own. */
  schema: string | undefined;
  /** Whether a file is read. @default every one */
  wants?: (file: ManifestFile) => boolean;
  /** Told the places of the records that come next, where they tell their offsets, before they are shown. */
  prepare?: ((places: Iterable<{ partition: number; offset: bigint }>) => Promise<void>) | undefined;
  signal: AbortSignal;
  progress: (details: Record<string, unknown>) => void;
}

/** What could not be read, in words, with file and position. */
export interface Unreadable {
  file: string;
  message: string;
  records: number;
}

/**
 * Decodes a split as a replay would, and shows each record in the order of the manifest. What can't be read is returned,
 * and reading goes on behind it.
 */
export async function eachArchived(
  store: FileStore,
  { files, range }: Split,
  { decoding, published, content, own: hashed, schema, wants, prepare, signal, progress }: ArchivedOptions,
  take: (record: SeenRecord) => void,
): Promise<Unreadable[]> {
  const buffer = new SortBuffer({ capacity: BUFFER_BYTES });
  buffer.startSplit();
  const sink = new RecordSink(decoding, Infinity, buffer, { fromByte: range?.start });
  const body = new BodyRecord(content);
  const own = tellsOffsets(decoding);
  const partitionOf = partitionsBy(published, own, body);
  const unreadable: Unreadable[] = [];
  const seen: SeenRecord = {
    partition: 0,
    offset: undefined,
    time: Number.NaN,
    hash: () => body.hash(hashed ? seen.offset : undefined),
    file: 0,
    ordinal: 0,
  };
  for (const [number, file] of files.entries()) {
    if (wants?.(file) === false) continue;
    seen.file = number;
    seen.ordinal = 0;
    const drain = async (): Promise<void> => {
      if (own) await prepare?.(placesIn(buffer));
      for (let index = 0; index < buffer.count; index += 1) {
        body.read(buffer, index);
        seen.partition = partitionOf(buffer.partition[index]!);
        seen.offset = own ? int64ToBigInt(buffer.timeHi[index]!, buffer.timeLo[index]!) : undefined;
        seen.time = body.time;
        take(seen);
        seen.ordinal += 1;
      }
      buffer.clear();
    };
    const skipped = new SkippedRecords('skip');
    sink.beginFile(number, file);
    pulse.file(number);
    const source = openFileSource(store, { ...file, kind: 'file' });
    try {
      for await (const _full of decodeListedFile(source, file, { job: decoding, range, schema, sink, skipped })) {
        await drain();
        progress({ at: file.path, record: seen.ordinal });
        await turn(undefined, { signal });
      }
    } catch (error) {
      unreadable.push({ file: file.path, message: ofTheFile(error), records: 0 });
    }
    await drain();
    progress({ at: file.path, record: seen.ordinal });
    unreadable.push(...skipped.lines.map((line) => unreadableOf(file.path, line)));
    await turn(undefined, { signal });
  }
  return unreadable;
}

function* placesIn(buffer: SortBuffer): Generator<{ partition: number; offset: bigint }> {
  for (let index = 0; index < buffer.count; index += 1)
    yield {
      partition: buffer.partition[index]!,
      offset: int64ToBigInt(buffer.timeHi[index]!, buffer.timeLo[index]!),
    };
}

function partitionsBy(
  output: ReplayJob['output'] | undefined,
  own: boolean,
  body: BodyRecord,
): (source: number) => number {
  if (output === undefined || output.partitions === 'source') return (source) => source;
  if (output.partitions === 'one') return () => 0;
  const { partitionCount = 1 } = output;
  return (source) => {
    if (body.keyStart >= 0) return partitionOfKey(partitionCount, body.bytes, body.keyStart, body.keyEnd);
    return own ? source % partitionCount : 0;
  };
}

/** What is wrong with one file must not keep anybody from the others; whatever else is wrong ends the step. */
function ofTheFile(error: unknown): string {
  if (error instanceof JobError && error.code === 'file-unusable') return error.message;
  const gone = error instanceof ConnectionError && ['changed', 'not-found', 'refused'].includes(error.fault);
  if (gone) return error.message;
  throw error;
}

const skippedLine = z.object({
  fault: z.string(),
  message: z.string(),
  position: z.number().optional(),
  ordinal: z.number().optional(),
  expected: z.string().optional(),
  found: z.string().optional(),
  records: z.number(),
});

function unreadableOf(file: string, line: string): Unreadable {
  const { fault, message, position, ordinal, expected, found, records } = skippedLine.parse(JSON.parse(line));
  const where = [
    position === undefined ? '' : ` at byte ${position}`,
    ordinal === undefined ? '' : `, record ${ordinal}`,
    expected === undefined ? '' : `: expected ${expected}, found ${found ?? ''}`,
  ].join('');
  return { file, message: `${message} (${fault})${where}`, records };
}
