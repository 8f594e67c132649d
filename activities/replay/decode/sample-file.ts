import { createHash } from 'node:crypto';
import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import { openFileSource, type FileSource } from '../../../connections/hdfs/file-source.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { openContainer } from '../../../formats/avro/container.ts';
import { FormatError, type FormatFault } from '../../../formats/format-error.ts';
import { roundedTime } from '../../../formats/sorted/file/sort-key.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';
import { SortedFileWriter } from '../../../formats/sorted/file/sorted-file-writer.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import { ordersByRecords, tellsOffsets } from '../job/own-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { BODY_PREFIX_BYTES } from '../record/record-body.ts';
import { fileHeaders } from '../record/record-headers.ts';
import { millisOf, type TimeUnit } from '../record/record-time.ts';
import type { StrayTimes } from '../record/stray-times.ts';
import { decodeListedFile } from './decode-listed-file.ts';
import { HEAD_BYTES, withHeadKept } from './kept-head.ts';
import { describeFormat, fileFormat, isCuttable } from './file-format.ts';
import { SAMPLE_WINDOW } from './decode-avro-file.ts';
import { RecordSink } from './record-sink.ts';
import { pulse } from './thread-pulse.ts';
import { sampledOffsets, type SampledOffsets } from './sampled-offsets.ts';
import { SkippedRecords } from './skipped-records.ts';

export interface SampleTask {
  job: ReplayJob;
  file: ManifestFile;
  /** JSON of the output schema; undefined: the file's own. */
  schema: string | undefined;
  /** This worker's functions module, where the job needs it. */
  functionsPath: string | undefined;
}

/** What the first records of a file tell of all of them. */
export interface FileSample {
  format: string;
  /** Hash of the writer's schema of an Avro container file. */
  writerSchema: string | undefined;
  /** Whether that was the whole file. */
  whole: boolean;
  /** Bytes of the file that hold the records, about. */
  bytes: number;
  /** Records, those that were skipped included. */
  read: number;
  /** Those that would be published: within the job's time range. */
  kept: number;
  skipped: number;
  skippedBy: Partial<Record<FormatFault, number>>;
  /** The first reason, with its place. */
  firstSkipped: string | undefined;
  /** Bytes that could not be read, and of which nothing tells how many records they hold. */
  openBytes: number;
  timeUnit: string | undefined;
  /** First and last time of those that would be published, in ms since 1970; undefined where there are none. */
  times: { from: number; to: number } | undefined;
  remarks: string[];
  /** Records with times that are not expected of the file; undefined where there are none. */
  strays: StrayTimes | undefined;
  /** Which offsets the records have, where the job's order is that of their own. */
  offsets: SampledOffsets[] | undefined;
  /** First and last time outside of the job's range, in ms since 1970; undefined where none was. */
  outOfRangeTimes: { from: number; to: number } | undefined;
  /** Bytes that the records take in a sorted file, and as they are published, uncompressed. */
  sortedBytes: number;
  publishedBytes: number;
  /** Bytes of the largest record as `catalogueSorted` measures it. */
  largestBody: number;
}

/**
 * Bytes of a large file of which blocks are decoded, where it can be cut: with the rest of the last one they mostly lie in
 * what the first read brings.
 */
const SAMPLE_BYTES = HEAD_BYTES - SAMPLE_WINDOW;
/** More of a file that can't be cut are not decoded either, though few of them are of the job's time range. */
const SAMPLE_RECORDS = 100_000;
const BUFFER_BYTES = 8 * 1024 * 1024;
/** The buffer, two windows of the input, a block of it decompressed. */
export const SAMPLE_MEMORY_BYTES = 32 * 1024 * 1024;

/** Lengths, attributes, differences of time and offset, and the number of headers: the usual forms. */
const RECORD_FRAME_BYTES = 12;
const ORDINAL_BYTES = ORDINAL_HEADER.length + 10;

/**
 * Decodes the first records of a file as the job would, and writes nothing.
 *
 * @throws what decoding the file would: FormatError with the file's name, JobError, ConnectionError
 */
export async function sampleFile(
  store: FileStore,
  { job, file, schema }: SampleTask,
  functions?: RecordFunctions,
): Promise<FileSample> {
  const counted = countingSource(withHeadKept(openFileSource(store, { ...file, kind: 'file' })));
  const buffer = new SortBuffer({ capacity: BUFFER_BYTES });
  // Whether the replay topic has a record's partition is seen where all are decoded.
  const partitions = job.output.partitions === 'source' ? Infinity : (job.output.partitionCount ?? 1);
  const sink = new RecordSink(job, partitions, buffer, { mostRecords: SAMPLE_RECORDS });
  const skipped = new SkippedRecords(job.badData.policy);
  const { cuttable, ...kind } = await kindOf(counted.source, job, file);
  const range = cuttable && file.length > SAMPLE_BYTES ? { start: 0, end: SAMPLE_BYTES } : undefined;
  const sources: number[] = [];
  sink.beginFile(tellsOffsets(job) ? (partition) => sources.push(partition) - 1 : 0, file);
  pulse.file(0);
  let full = false;
  const parts = { job, range, schema, sink, skipped, functions, sampling: true };
  for await (const _full of decodeListedFile(counted.source, file, parts)) {
    full = true;
    break;
  }
  const end = range?.end ?? file.length;
  return {
    ...kind,
    whole: range === undefined && !full,
    bytes: full ? Math.min(counted.bytes(), end) : end,
    read: sink.read + skipped.count,
    skipped: skipped.count,
    skippedBy: skipped.byFault,
    firstSkipped: skipped.first,
    openBytes: skipped.openBytes,
    timeUnit: sink.timeUnit,
    times: timesOf(buffer, sink.timeUnit),
    remarks: [...sink.remarks],
    strays: sink.strays(),
    offsets: ordersByRecords(job) ? sampledOffsets(buffer, sources) : undefined,
    outOfRangeTimes: sink.outOfRangeTimes,
    ...sizesOf(buffer, job, file, tellsOffsets(job) ? sources : [file.partition ?? -1]),
  };
}

/** The source, and how far into the file was read. */
function countingSource(source: FileSource): { source: FileSource; bytes: () => number } {
  let reached = 0;
  const read: FileSource['read'] = (position, length, signal) => {
    reached = Math.max(reached, position + length);
    return source.read(position, length, signal);
  };
  return { source: { ...source, read }, bytes: () => reached };
}

async function kindOf(
  source: FileSource,
  job: ReplayJob,
  file: ManifestFile,
): Promise<{ format: string; cuttable: boolean; writerSchema: string | undefined }> {
  try {
    const detected = await fileFormat(source, file.path, job.archive.format);
    const json = ['avro', 'record'].includes(detected.format) ? (await openContainer(source)).schemaJson : undefined;
    const writerSchema = json === undefined ? undefined : createHash('sha256').update(json).digest('hex');
    return { format: describeFormat(detected), cuttable: isCuttable(detected), writerSchema };
  } catch (error) {
    // What is wrong with its head is told, or skipped, where it is decoded.
    if (error instanceof FormatError) return { format: 'unreadable', cuttable: false, writerSchema: undefined };
    throw error;
  }
}

/** Of the records in the buffer; undefined where there are none, or times don't sort them. */
function timesOf(buffer: SortBuffer, unit: TimeUnit | undefined): FileSample['times'] {
  if (buffer.count === 0 || unit === undefined) return undefined;
  const order = buffer.sort();
  const toMillis = millisOf(unit);
  const at = (index: number): number => {
    const time = { hi: buffer.timeHi[index]!, lo: buffer.timeLo[index]! };
    toMillis(time, time);
    return roundedTime(time.hi, time.lo);
  };
  return { from: at(order[0]!), to: at(order[buffer.count - 1]!) };
}

function sizesOf(
  buffer: SortBuffer,
  job: ReplayJob,
  file: ManifestFile,
  partitions: readonly number[],
): Pick<FileSample, 'kept' | 'sortedBytes' | 'publishedBytes' | 'largestBody'> {
  const { count: kept } = buffer;
  const bodies = kept === 0 ? 0 : buffer.ends[kept - 1]!;
  const headers = fileHeaders(job.output.headers, file.path, file.partition).bytes.length;
  const beside = RECORD_FRAME_BYTES + headers + (job.output.headers.ordinal ? ORDINAL_BYTES : 0) - BODY_PREFIX_BYTES;
  let largestBody = 0;
  for (let index = 0; index < kept; index += 1)
    largestBody = Math.max(largestBody, buffer.ends[index]! - (index === 0 ? 0 : buffer.ends[index - 1]!));
  const writer = new SortedFileWriter({ fingerprint: 'sample', firstSplit: 0, lastSplit: 0 });
  writer.start();
  for (const sourcePartition of partitions) writer.addFile({ split: 0, path: file.path, sourcePartition });
  let sortedBytes = 0;
  for (const chunk of writer.section(buffer)) sortedBytes += chunk.length;
  return { kept, sortedBytes, publishedBytes: bodies + kept * beside, largestBody };
}
