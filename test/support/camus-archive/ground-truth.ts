import { createHash } from 'node:crypto';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import { Draws, recordSeed } from './draws.ts';
import { SCHEMAS, pageViewJson, putPageView } from './page-view-schema.ts';
import { pageViewAt } from './page-view.ts';
import { sortByTime } from './total-order.ts';
import type { TopicPlan } from './archive-plan.ts';
import type { ArchiveFile, FileLayout } from './file-layout.ts';
import type { PageView } from './page-view.ts';

const HOUR = 3_600_000;

export interface ExpectedRecord {
  /** Milliseconds since 1970 UTC. */
  time: number;
  path: string;
  /** Ordinal in its file, from 0. */
  ordinal: number;
  /** Partition and offset in the source topic. */
  partition: number;
  offset: bigint;
}

export interface CommittedOffset {
  partition: number;
  /** The next offset to read. */
  offset: bigint;
}

/**
 * What a replay that pins the newest execution must publish: every record of every file that is not beyond the pinned
 * offsets, by (time, place of its file in the manifest, ordinal). Holds 16 bytes a record; a record's contents are
 * made anew from its place whenever they are asked for.
 */
export class GroundTruth {
  readonly topic: string;
  /** JSON text of the output schema. */
  readonly outputSchema = SCHEMAS[2];
  /** The offsets to be committed, by partition. */
  readonly offsets: readonly CommittedOffset[];
  /** Files that are part of the replay, in manifest order; those that belong to a later run. */
  readonly files: readonly ArchiveFile[];
  readonly laterFiles: readonly ArchiveFile[];
  /** Records that are there twice, by partition; a failed run of Camus archived them before. */
  readonly duplicates: readonly { partition: number; records: number }[];
  /** Records to be published. */
  readonly total: number;
  private readonly plan: TopicPlan;
  private readonly layout: FileLayout;
  private readonly order: Uint32Array;
  private readonly scratch = new ByteWriter(8192);

  constructor(plan: TopicPlan, layout: FileLayout, offsets: readonly CommittedOffset[], firsts: readonly bigint[]) {
    this.topic = plan.topic;
    this.plan = plan;
    this.layout = layout;
    this.offsets = offsets;
    const pinned = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
    const isPinned = (file: ArchiveFile): boolean => file.nextOffset <= (pinned.get(file.partition) ?? 0n);
    this.files = layout.files.filter(isPinned);
    this.laterFiles = layout.files.filter((file) => !isPinned(file));
    this.total = this.files.reduce((sum, { count }) => sum + count, 0);
    this.duplicates = offsets.flatMap(({ partition, offset }) => {
      const records = this.files.reduce((sum, file) => sum + (file.partition === partition ? file.count : 0), 0);
      const twice = records - Number(offset - (firsts[partition] ?? 0n));
      return twice === 0 ? [] : [{ partition, records: twice }];
    });
    this.order = new Uint32Array(this.total);
    let at = 0;
    for (const { first, count } of this.files)
      for (let entry = first; entry < first + count; entry++) this.order[at++] = entry;
    sortByTime(this.order, layout.times);
  }

  /** Where the record with a position in the total order comes from. */
  at(position: number): ExpectedRecord {
    const entry = this.entryAt(position);
    const file = this.fileOf(entry);
    const index = this.layout.indexes[entry] as number;
    return {
      time: this.layout.times[entry] as number,
      path: file.path,
      ordinal: entry - file.first,
      partition: file.partition,
      offset: (this.plan.startOffsets[file.partition] ?? 0n) + BigInt(index),
    };
  }

  time(position: number): number {
    return this.layout.times[this.entryAt(position)] as number;
  }

  /** The record itself. */
  record(position: number): PageView {
    const entry = this.entryAt(position);
    return this.recordOf(entry, this.fileOf(entry));
  }

  /** Avro-JSON with the output schema; with `writer`, with the schema of the record's own file. */
  json(position: number, schema: 'output' | 'writer' = 'output'): string {
    const entry = this.entryAt(position);
    const file = this.fileOf(entry);
    return pageViewJson(this.recordOf(entry, file), schema === 'output' ? 2 : file.schemaVersion);
  }

  /** Avro binary with the output schema; valid until the next call. */
  binary(position: number): Buffer {
    this.scratch.length = 0;
    putPageView(this.scratch, this.record(position), 2);
    return this.scratch.view();
  }

  /** SHA-256 of all Avro-JSON texts in total order, each followed by a newline. */
  digest(): string {
    const hash = createHash('sha256');
    for (let position = 0; position < this.total; position++) hash.update(`${this.json(position)}\n`);
    return hash.digest('hex');
  }

  /** The whole sequence, one after another. */
  *[Symbol.iterator](): Generator<ExpectedRecord & { json: string }> {
    for (let position = 0; position < this.total; position++) yield { ...this.at(position), json: this.json(position) };
  }

  private entryAt(position: number): number {
    const entry = this.order[position];
    if (entry === undefined) throw new RangeError(`no record ${position} in a sequence of ${this.total}`);
    return entry;
  }

  private recordOf(entry: number, file: ArchiveFile): PageView {
    const index = this.layout.indexes[entry] as number;
    return recordAt(this.plan, file, index, this.layout.times[entry] as number);
  }

  private fileOf(entry: number): ArchiveFile {
    const { files } = this.layout;
    let low = 0;
    for (let high = files.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((files[middle] as ArchiveFile).first <= entry) low = middle;
      else high = middle - 1;
    }
    return files[low] as ArchiveFile;
  }
}

/** The record at a position of a partition as a file holds it. */
export function recordAt(plan: TopicPlan, file: ArchiveFile, index: number, time: number): PageView {
  const { topic, seed } = plan;
  const { partition } = file;
  const offset = (plan.startOffsets[partition] ?? 0n) + BigInt(index);
  const view = pageViewAt({ topic, seed, partition, index, offset, time }, file.schemaVersion);
  const { every, bytes } = plan.largeHours;
  if (every > 0 && Math.floor(time / HOUR) % every === 0) view.tags.push(largeTag(seed, partition, index, bytes));
  return view;
}

/** Hexadecimal digits, so that they compress by half. */
function largeTag(seed: number, partition: number, index: number, bytes: number): string {
  const draws = new Draws(recordSeed(~seed, partition, index));
  let tag = '';
  while (tag.length < bytes) tag += draws.word().toString(16).padStart(8, '0');
  return tag;
}
