import type { StepContext } from '../../step/run-step.ts';
import { parseStaged } from '../../step/staged-json.ts';
import { Cells, type CellOptions } from '../tally/cells.ts';
import { archiveTally, topicTally, type ArchiveTally, type TopicTally } from '../tally/tally-files.ts';
import { countRanges } from '../plan/ranges-of.ts';
import { requireStaged, type TargetPlan } from '../verify-plan.ts';
import type { VerifyFiles } from '../verify-files.ts';
import type { Differences, DifferingCell } from './differences.ts';
import { MOST_RECORDS } from './listed-record.ts';

const MOST_LISTED = 200;

/** Both sides of a target, put together from what was counted part by part. */
export class MergedTallies {
  readonly archive: Cells;
  readonly topic: Cells;
  readonly records = { archive: 0n, topic: 0n };
  uncompared = 0n;
  compacted = 0n;
  readonly logs = new Map<number, { aborted: number; markers: number }>();
  readonly counts: Pick<
    Differences,
    'tombstones' | 'undecodable' | 'firstUndecodable' | 'unreadable' | 'moreUnreadable' | 'disorder'
  > = { tombstones: 0, undecodable: 0, unreadable: [], moreUnreadable: 0, disorder: [] };
  readonly #files: VerifyFiles;
  readonly #plan: TargetPlan;
  readonly #context: StepContext;
  readonly #taken: number[] = [];

  constructor(files: VerifyFiles, plan: TargetPlan, options: CellOptions, context: StepContext) {
    this.#files = files;
    this.#plan = plan;
    this.#context = context;
    this.archive = new Cells(options);
    this.topic = new Cells(options);
  }

  async readTopic(bounds: ReadonlyMap<number, bigint>): Promise<void> {
    const lastOrdinals = new Map<number, bigint>();
    const ranges = countRanges(this.#plan);
    for (let number = 0; number < ranges; number += 1) {
      const tally = await this.#topicTally(number);
      const from = bounds.get(tally.partition);
      // Read before the log was trimmed beyond it.
      if (from !== undefined && BigInt(tally.to) <= from) continue;
      this.#taken.push(number);
      this.topic.append(tally.cells, tally.bucketMs);
      this.records.topic += BigInt(tally.records);
      const log = this.logs.get(tally.partition) ?? { aborted: 0, markers: 0 };
      this.logs.set(tally.partition, {
        aborted: log.aborted + tally.aborted,
        markers: log.markers + tally.markers,
      });
      this.counts.tombstones += tally.tombstones;
      this.counts.undecodable += tally.undecodable;
      this.counts.firstUndecodable ??= tally.firstUndecodable;
      for (const message of tally.disorder) this.#disorder({ message });
      const last = lastOrdinals.get(tally.partition);
      if (tally.firstOrdinal !== undefined && last !== undefined && BigInt(tally.firstOrdinal) <= last)
        this.#disorder({
          message: `${this.#plan.topic}-${tally.partition}: from offset ${tally.from} on ordinals begin at ${tally.firstOrdinal}, behind ${last}`,
        });
      if (tally.lastOrdinal !== undefined) lastOrdinals.set(tally.partition, BigInt(tally.lastOrdinal));
      this.#context.progress({ ranges: number });
    }
  }

  async readArchive(splits: number): Promise<void> {
    for (let split = 0; split < splits; split += 1) {
      const tally = await this.#archiveTally(split);
      this.archive.append(tally.cells, tally.bucketMs);
      this.records.archive += BigInt(tally.records);
      this.uncompared += BigInt(tally.uncompared);
      this.compacted += BigInt(tally.compacted);
      const { unreadable } = this.counts;
      const room = Math.max(0, MOST_LISTED - unreadable.length);
      unreadable.push(...tally.unreadable.slice(0, room));
      this.counts.moreUnreadable += Math.max(0, tally.unreadable.length - room) + tally.moreUnreadable;
      for (const one of tally.disorder) this.#disorder(one);
      this.#context.progress({ splits: split });
    }
  }

  /** Splits and ranges that have records of each cell that is small enough to be looked at record by record. */
  async wheresOf(
    cells: readonly Pick<DifferingCell, 'partition' | 'bucket' | 'archive' | 'topic'>[],
    splits: number,
    bucketMs: number,
  ): Promise<{ splits: number[]; ranges: number[] }[]> {
    const wheres = cells.map(() => ({ splits: [] as number[], ranges: [] as number[] }));
    const indexOf = new Map<string, number>();
    for (const [index, { partition, bucket, archive, topic }] of cells.entries())
      if (Math.max(archive.count, topic.count) <= MOST_RECORDS) indexOf.set(`${partition} ${bucket}`, index);
    if (indexOf.size === 0) return wheres;
    const mark = (lines: readonly (readonly unknown[])[], which: 'splits' | 'ranges', number: number): void => {
      for (const [partition, bucket] of lines) {
        const at = bucket === null ? null : Math.floor((bucket as number) / bucketMs) * bucketMs;
        const index = indexOf.get(`${partition as number} ${at}`);
        const list = index === undefined ? undefined : wheres[index]![which];
        if (list !== undefined && list.at(-1) !== number) list.push(number);
      }
    };
    for (const number of this.#taken) mark((await this.#topicTally(number)).cells, 'ranges', number);
    for (let split = 0; split < splits; split += 1) mark((await this.#archiveTally(split)).cells, 'splits', split);
    return wheres;
  }

  #disorder(one: Differences['disorder'][number]): void {
    if (this.counts.disorder.length < MOST_LISTED) this.counts.disorder.push(one);
  }

  async #topicTally(number: number): Promise<TopicTally> {
    const path = this.#files.topicTally(this.#plan.target, number);
    return parseStaged(path, topicTally, await requireStaged(this.#files, path, this.#context.signal));
  }

  async #archiveTally(split: number): Promise<ArchiveTally> {
    const path = this.#files.archiveTally(this.#plan.target, split);
    return parseStaged(path, archiveTally, await requireStaged(this.#files, path, this.#context.signal));
  }
}
