import { SectionWriter } from './section-writer.ts';
import type { BlockRoom } from './section-writer.ts';
import { DEFAULT_BLOCK_BYTES, BLOCK_HEAD_BYTES, ENTRY_HEAD_BYTES, MAX_PARTITIONS } from './sorted-file-layout.ts';
import { encodeFooter } from './sorted-file-footer.ts';
import { encodeHeader } from './sorted-file-header.ts';
import type { SortedFileHeader } from './sorted-file-header.ts';
import type { SortBuffer } from '../sort/sort-buffer.ts';
import type { SortKey } from './sort-key.ts';
import type { SortedFileSummary, SourceFile } from './sorted-section.ts';

export interface SortedFileWriterOptions extends SortedFileHeader {
  /** Bytes of a block, unless a single entry is larger. @default 64 KiB */
  blockBytes?: number;
}

/**
 * Writes one sorted file as chunks, each in memory of its own: `start`, then the sections, then `finish`. Chunks must
 * be stored in the order in which they come; nothing is held back but the block at hand, the index and the file table.
 */
export class SortedFileWriter {
  readonly #options: SortedFileWriterOptions;
  readonly #blockBytes: number;
  readonly #files: SourceFile[] = [];
  readonly #sections: SectionWriter[] = [];
  readonly #partitionRecords: number[] = [];
  #dataStart = 0;
  #position = 0;
  #summary: SortedFileSummary | undefined;

  constructor(options: SortedFileWriterOptions) {
    this.#options = options;
    this.#blockBytes = options.blockBytes ?? DEFAULT_BLOCK_BYTES;
    if (this.#blockBytes < BLOCK_HEAD_BYTES + ENTRY_HEAD_BYTES)
      throw new RangeError(
        `a block has at least ${BLOCK_HEAD_BYTES + ENTRY_HEAD_BYTES} bytes, not ${this.#blockBytes}`,
      );
  }

  /** The header. */
  start(): Uint8Array {
    const header = encodeHeader(this.#options);
    this.#dataStart = this.#position = header.length;
    return header;
  }

  /** Adds an input file to the table, and returns its number there: the `file` of entries that come from it. */
  addFile(file: SourceFile): number {
    const { firstSplit, lastSplit } = this.#options;
    if (file.split < firstSplit || file.split > lastSplit)
      throw new RangeError(
        `${file.path}: split ${file.split} is not in this file's splits ${firstSplit} to ${lastSplit}`,
      );
    return this.#files.push({ ...file }) - 1;
  }

  /** Sorts the buffer and writes its entries as one section. The buffer is the writer's until the chunks are all taken. */
  *section(buffer: SortBuffer): Generator<Uint8Array, void> {
    const order = buffer.sort();
    const { count, timeHi, timeLo, sequence, file, partition, ends, bodies } = buffer;
    bodies.reserve(this.#blockBytes);
    const bytes = bodies.bytes;
    const section = this.#begin({ bytes, start: bodies.length, blockBytes: this.#blockBytes });
    const key: SortKey = { timeHi: 0, timeLo: 0, split: 0, sequence: 0 };
    for (let i = 0; i < count; i++) {
      const index = order[i]!;
      const start = index === 0 ? 0 : ends[index - 1]!;
      const end = ends[index]!;
      key.timeHi = timeHi[index]!;
      key.timeLo = timeLo[index]!;
      key.split = this.#splitOf(file[index]!);
      key.sequence = sequence[index]!;
      if (section.isFull(end - start)) yield section.takeBlock()!;
      section.append(key, file[index]!, partition[index]!, bytes, start, end);
      this.#countPartition(partition[index]!);
    }
    const last = this.#end(section);
    if (last !== undefined) yield last;
  }

  /** A section that is appended to entry by entry; it ends with `end`, before another one begins. */
  openSection(): OpenSection {
    const bytes = Buffer.allocUnsafeSlow(this.#blockBytes);
    const section = this.#begin({ bytes, start: 0, blockBytes: this.#blockBytes });
    return {
      isFull: (bodyLength) => section.isFull(bodyLength),
      append: (key, file, partition, body, start, end) => {
        if (this.#splitOf(file) !== key.split)
          throw new RangeError(`the entry is of split ${key.split}, its file of split ${this.#splitOf(file)}`);
        section.append(key, file, partition, body, start, end);
        this.#countPartition(partition);
      },
      takeBlock: () => section.takeBlock(),
      end: () => this.#end(section),
    };
  }

  /** The footer: the file is complete with it. */
  finish(): Uint8Array {
    const sections = this.#sections.map((section) => ({
      number: section.number,
      position: section.position,
      bytes: section.bytes,
      records: section.records,
      first: section.first!,
      last: section.last,
      index: section.index,
    }));
    const sum = (of: (section: SectionWriter) => number): number => this.#sections.reduce((all, s) => all + of(s), 0);
    const largest = (of: (section: SectionWriter) => number): number =>
      this.#sections.reduce((most, s) => Math.max(most, of(s)), 0);
    const facts = {
      firstSplit: this.#options.firstSplit,
      lastSplit: this.#options.lastSplit,
      fingerprint: this.#options.fingerprint,
      records: sum((s) => s.records),
      bodyBytes: sum((s) => s.bodyBytes),
      largestBody: largest((s) => s.largestBody),
      largestBlock: largest((s) => s.largestBlock),
      partitionRecords: Array.from(this.#partitionRecords, (records) => records ?? 0),
    };
    const position = this.#position;
    const footer = encodeFooter({
      ...facts,
      sections,
      dataStart: this.#dataStart,
      dataEnd: position,
      files: this.#files,
    });
    this.#summary = {
      ...facts,
      length: position + footer.length,
      tailBytes: footer.length,
      sections: sections.map(({ number, first, last, records, bytes }) => ({ number, first, last, records, bytes })),
    };
    return footer;
  }

  /** What a catalogue needs; there after `finish`. */
  get summary(): SortedFileSummary {
    if (this.#summary === undefined) throw new RangeError('a sorted file has a summary when it is finished');
    return this.#summary;
  }

  #begin(room: BlockRoom): SectionWriter {
    return new SectionWriter(this.#sections.length, this.#position, room);
  }

  #end(section: SectionWriter): Uint8Array | undefined {
    const block = section.takeBlock();
    if (section.records > 0) this.#sections.push(section);
    this.#position += section.bytes;
    return block;
  }

  #splitOf(file: number): number {
    const entry = this.#files[file];
    if (entry === undefined) throw new RangeError(`file ${file} of an entry was not added to the sorted file's table`);
    return entry.split;
  }

  #countPartition(partition: number): void {
    if (partition >= MAX_PARTITIONS)
      throw new RangeError(`partition ${partition} of an entry: a topic has fewer than ${MAX_PARTITIONS} partitions`);
    while (this.#partitionRecords.length <= partition) this.#partitionRecords.push(0);
    this.#partitionRecords[partition]!++;
  }
}

/** A section under way. */
export interface OpenSection {
  /** Whether `takeBlock` must come before an entry with a body of this length. */
  isFull(bodyLength: number): boolean;
  append(key: SortKey, file: number, partition: number, body: Uint8Array, start: number, end: number): void;
  takeBlock(): Uint8Array | undefined;
  /** Ends the section, and returns its last block. */
  end(): Uint8Array | undefined;
}
