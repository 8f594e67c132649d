import { SortedSplit } from '../../activities/replay/decode/sorted-split.ts';
import type { RecordsPerByte } from '../../activities/replay/decode/records-per-byte.ts';
import type { SplitCounts } from '../../activities/replay/decode/split-decoder.ts';
import type { ReplayJob } from '../../activities/replay/job/replay-job.ts';
import type { Split } from '../../activities/replay/manifest/manifest.ts';
import { BODY_PREFIX_BYTES } from '../../activities/replay/record/record-body.ts';
import { parseHdfsConfig } from '../../connections/hdfs/config.ts';
import { MemoryFileStore } from './memory-file-store.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { parseArchiveName } from '../../layouts/camus/archive-names.ts';
import { MergeStream } from '../../formats/sorted/merge/merge-stream.ts';
import { openSortedFile } from '../../formats/sorted/file/open-sorted-file.ts';
import { SectionCursor } from '../../formats/sorted/file/section-cursor.ts';
import { formatSortKey } from '../../formats/sorted/file/sort-key.ts';
import { SortBuffer } from '../../formats/sorted/sort/sort-buffer.ts';

export interface DecodedRecord {
  /** `time:split:sequence` */
  sortKey: string;
  flags: number;
  timestamp: bigint;
  /** Of the replay topic, and of the source topic as names or records tell; -1 where nothing does. */
  partition: number;
  sourcePartition: number;
  key: Buffer | undefined;
  value: Buffer;
}

export interface DecodedFiles {
  /** In the order in which they would be published. */
  records: DecodedRecord[];
  counts: Omit<SplitCounts, 'bytesSorted'>;
}

export interface InputFile {
  path: string;
  bytes: Uint8Array;
}

export interface DecodeOptions {
  schema?: string;
  range?: Split['range'] | undefined;
  recordsPerByte?: RecordsPerByte;
}

const BUFFER_BYTES = 1024 * 1024;

/** Decodes files as one split of a job would be, and reads back the sorted file that comes of it. */
export async function decodeToMemory(
  files: readonly InputFile[],
  job: ReplayJob,
  { schema, range, recordsPerByte }: DecodeOptions = {},
): Promise<DecodedFiles> {
  const store = new MemoryFileStore();
  const split: Split = { files: [], range };
  for (const { path, bytes } of files) {
    await store.write(path, [bytes]);
    const { length, modifiedAt } = (await store.status(path))!;
    const name = parseArchiveName(path.slice(path.lastIndexOf('/') + 1));
    const camus = name === undefined ? {} : { partition: name.partition, count: name.count };
    split.files.push({ path, length, modifiedAt, ...camus });
  }
  const task = {
    hdfs: parseHdfsConfig({ urls: ['http://localhost:1'] }, 'test'),
    job,
    fingerprint: 'test',
    number: 0,
    split,
    partitions: job.output.partitionCount ?? 1,
    schema,
    recordsPerByte,
    functionsPath: undefined,
    path: '/sorted',
    bufferBytes: BUFFER_BYTES,
  };
  const decoding = new SortedSplit(task, store, new SortBuffer({ capacity: BUFFER_BYTES }), () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of decoding.chunks()) chunks.push(Buffer.from(chunk));
  return { records: await readSorted(Buffer.concat(chunks)), counts: decoding.counts() };
}

async function readSorted(bytes: Buffer): Promise<DecodedRecord[]> {
  const sorted = await openSortedFile(bytesSource(bytes));
  const sections = sorted.sections.map((section) => ({
    ...section,
    name: `section ${section.number}`,
    open: async () => new SectionCursor(sorted, section, {}),
  }));
  const merge = new MergeStream(sections, { maxOpen: Math.max(1, sections.length) });
  const records: DecodedRecord[] = [];
  for (;;) {
    while (merge.next()) {
      const { bytes: from, bodyStart, bodyEnd, partition, file, sortedFile } = merge.entry;
      const { sourcePartition } = sortedFile.files.file(file);
      const place = { sortKey: formatSortKey(merge.entry), partition, sourcePartition };
      records.push({ ...place, ...body(Buffer.from(from.subarray(bodyStart, bodyEnd))) });
    }
    if (!merge.needsData) return records;
    await merge.fill();
  }
}

function body(bytes: Buffer): Omit<DecodedRecord, 'sortKey' | 'partition' | 'sourcePartition'> {
  let at = BODY_PREFIX_BYTES;
  const take = (): Buffer | undefined => {
    let zigzag = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      zigzag += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    if (zigzag % 2 === 1) return undefined;
    const part = bytes.subarray(at, at + zigzag / 2);
    at += part.length;
    return part;
  };
  const key = take();
  return { flags: bytes[0]!, timestamp: bytes.readBigInt64LE(1), key, value: take()! };
}
