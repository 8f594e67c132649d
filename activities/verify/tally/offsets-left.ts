import { parseStaged } from '../../step/staged-json.ts';
import { rangeAt, rangeOf } from '../plan/ranges-of.ts';
import type { VerifyFiles } from '../verify-files.ts';
import { requireStaged, type TargetPlan } from '../verify-plan.ts';
import { OffsetBits } from './offset-bits.ts';
import { topicTally } from './tally-files.ts';

/** Ranges that are held; files have the order of offsets, so that records ask for few of them at a time. */
const MOST_HELD = 16;

export interface RecordPlace {
  partition: number;
  offset: bigint;
}

/** Which records a compacted topic still had when it was counted: those of the archive that it had not are no finding. */
export class OffsetsLeft {
  readonly #files: VerifyFiles;
  readonly #plan: TargetPlan;
  readonly #signal: AbortSignal;
  readonly #held = new Map<number, OffsetBits>();
  #last: { partition: number; bits: OffsetBits } | undefined;

  constructor(files: VerifyFiles, plan: TargetPlan, signal: AbortSignal) {
    this.#files = files;
    this.#plan = plan;
    this.#signal = signal;
  }

  /** To be called with what `has` will be asked for. */
  async load(places: Iterable<RecordPlace>): Promise<void> {
    const needed = new Map<number, { from: bigint; to: bigint; partition: number }>();
    let last: { from: bigint; to: bigint; partition: number } | undefined;
    for (const { partition, offset } of places) {
      if (last?.partition === partition && offset >= last.from && offset < last.to) continue;
      const number = rangeOf(this.#plan, partition, offset);
      if (number === undefined) continue;
      const { from, to } = rangeAt(this.#plan, number);
      needed.set(number, (last = { from: BigInt(from), to: BigInt(to), partition }));
    }
    for (const number of this.#held.keys())
      if (this.#held.size + needed.size > MOST_HELD && !needed.has(number)) this.#held.delete(number);
    this.#last = undefined;
    for (const [number, { from, to }] of needed) {
      if (this.#held.has(number)) continue;
      const path = this.#files.topicTally(this.#plan.target, number);
      const { left = '' } = parseStaged(path, topicTally, await requireStaged(this.#files, path, this.#signal));
      this.#held.set(number, new OffsetBits(from, to, Buffer.from(left, 'base64')));
    }
  }

  /** Whether the topic had a record there; also of offsets that were not read at all. */
  has({ partition, offset }: RecordPlace): boolean {
    const last = this.#last;
    if (last?.partition === partition && offset >= last.bits.from && offset < last.bits.to)
      return last.bits.has(offset);
    const number = rangeOf(this.#plan, partition, offset);
    const bits = number === undefined ? undefined : this.#held.get(number);
    if (bits === undefined) return true;
    this.#last = { partition, bits };
    return bits.has(offset);
  }
}
