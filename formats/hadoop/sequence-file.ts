import type { ByteSource } from '../byte-source.ts';
import { withCachedHead } from '../cached-head.ts';
import type { Decompress } from '../codecs/codec.ts';
import { loadHadoopCodec } from '../codecs/hadoop-codecs.ts';
import { FormatError } from '../format-error.ts';
import { withPosition } from '../with-position.ts';
import { ReadAhead } from '../read-ahead.ts';
import { checkSyncPoint, readBlock } from './sequence-block.ts';
import { readSequenceFileHeader } from './sequence-file-header.ts';
import type { SequenceFileHeader } from './sequence-file-header.ts';
import type { SequenceLimits, SequenceRecord } from './sequence-record.ts';
import { recordsLost } from './sequence-lost.ts';
import { readRun } from './sequence-run.ts';
import { positionBehindDamage, positionBehindFrame, startOfSequenceSplit } from './sequence-sync.ts';

export type { SequenceFileHeader } from './sequence-file-header.ts';
export type { SequenceRecord } from './sequence-record.ts';

export interface SequenceFileOptions {
  /** Bytes that a header may have. @default 16 MiB */
  headerLimit?: number;
  /** Bytes that a record, or a compressed block, may have in the file. @default 128 MiB */
  recordLimit?: number;
  /** Bytes that a value, or a block, may have when decompressed. @default 128 MiB */
  decompressedLimit?: number;
  signal?: AbortSignal;
}

/** What is passed over with a bad record or block: [position, end). */
export interface SkippedFrames {
  position: number;
  end: number;
  /** Records in it, where the frames tell. */
  count?: number;
}

export interface SequenceRange {
  /** Runs of records whose sync point is at or after this byte. @default 0 */
  start?: number;
  /** Runs of records whose sync point is before this byte. @default the file's length */
  end?: number;
  /** Bytes a read. @default 2 MiB */
  window?: number;
  /** What to do about a record or block that can't be read; without it the error is thrown. */
  onBadBlock?: (error: FormatError, skipped: SkippedFrames) => 'throw' | 'skip';
  signal?: AbortSignal;
}

const MEBIBYTE = 1024 * 1024;
const HEAD_READ = 64 * 1024;

/** An open SequenceFile: its header, and its records as they were serialized. Holds no resource. */
export class SequenceFile {
  readonly header: SequenceFileHeader;
  readonly #source: ByteSource;
  readonly #limits: SequenceLimits;
  readonly #decompress: Decompress | undefined;

  constructor(
    source: ByteSource,
    header: SequenceFileHeader,
    decompress: Decompress | undefined,
    options: SequenceFileOptions,
  ) {
    this.header = header;
    this.#source = source;
    this.#decompress = decompress;
    this.#limits = {
      recordLimit: options.recordLimit ?? 128 * MEBIBYTE,
      decompressedLimit: options.decompressedLimit ?? 128 * MEBIBYTE,
    };
  }

  /**
   * The records of a split in file order, a batch (a block, or some hundred records) at a time.
   *
   * What lies between two sync points belongs to the split that the first of them begins in, as in Hadoop; what lies
   * before the first sync point, to the split that begins at or before the end of the header. However a file is cut,
   * each record is in exactly one split.
   *
   * @throws FormatError with the position of the record or block, after the records before it were given out
   */
  async *batches(range: SequenceRange = {}): AsyncGenerator<SequenceRecord[], void, undefined> {
    const { start = 0, window, onBadBlock, signal } = range;
    const end = Math.min(range.end ?? this.#source.length, this.#source.length);
    const { recordLimit } = this.#limits;
    const file = { source: this.#source, header: this.header, recordLimit, signal };
    const first = await startOfSequenceSplit(file, start, end);
    if (first >= end) return;
    const windowOption = window === undefined ? {} : { window };
    const readFrom = (position: number) =>
      new ReadAhead(this.#source, { start: position, softEnd: end, signal, ...windowOption });
    let reader = readFrom(first);
    let lastFrame: number | undefined;
    try {
      for (let finished = false; !finished;) {
        const records: SequenceRecord[] = [];
        let error: FormatError | undefined;
        try {
          finished = await this.#readBatch(reader, end, records);
        } catch (caught) {
          if (!(caught instanceof FormatError)) throw caught;
          error = caught;
        }
        lastFrame = records.at(-1)?.position ?? lastFrame;
        if (records.length > 0) yield records;
        if (error === undefined) continue;
        if (onBadBlock === undefined) throw error;
        const position = error.facts.position ?? reader.position;
        // Whoever found the frame whole has passed over it.
        const wasWhole = reader.position > position;
        const lastEnd = reader.position;
        const next = wasWhole
          ? await positionBehindFrame(file, position, reader.position)
          : await positionBehindDamage(file, position, lastFrame);
        lastFrame = wasWhole && next === reader.position ? position : next;
        if (next !== reader.position) {
          reader.close();
          reader = readFrom(next);
        }
        const skippedTo = Math.max(position, reader.position);
        const frame = wasWhole && next === lastEnd ? 'whole' : 'damaged';
        const isOne = frame === 'whole' && this.header.compression !== 'block';
        const count = isOne ? 1 : await recordsLost(file, position, skippedTo, frame);
        const lost = { position, end: skippedTo, ...(count !== undefined && { count }) };
        if (onBadBlock(error, lost) === 'throw') throw error;
      }
    } finally {
      reader.close();
    }
  }

  /** The records one by one; loops over millions take `batches`. */
  async *records(range: SequenceRange = {}): AsyncGenerator<SequenceRecord, void, undefined> {
    for await (const batch of this.batches(range)) yield* batch;
  }

  async #readBatch(reader: ReadAhead, end: number, records: SequenceRecord[]): Promise<boolean> {
    const { compression, syncMarker } = this.header;
    if (compression !== 'block') return readRun(reader, syncMarker, end, this.#limits, this.#decompress, records);
    if (reader.remaining === 0) return true;
    if (reader.position >= end) {
      // The next split looks for this sync point; it would pass over the block in silence if it were damaged.
      await checkSyncPoint(reader, syncMarker!);
      return true;
    }
    for (const record of await readBlock(reader, syncMarker!, this.#limits, this.#decompress!)) records.push(record);
    return false;
  }
}

/**
 * Opens a SequenceFile: reads its header and loads its codec.
 * @throws FormatError at position 0: not a SequenceFile, a version, a codec that is not known, a damaged header
 */
export async function openSequenceFile(source: ByteSource, options: SequenceFileOptions = {}): Promise<SequenceFile> {
  const head = await source.read(0, Math.min(HEAD_READ, source.length), options.signal);
  const header = await readSequenceFileHeader(source, head, options.headerLimit ?? 16 * MEBIBYTE, options.signal);
  try {
    const decompress = header.codecClass === undefined ? undefined : await loadHadoopCodec(header.codecClass);
    return new SequenceFile(withCachedHead(source, head), header, decompress, options);
  } catch (error) {
    throw withPosition(error, 0, header.headerLength);
  }
}
