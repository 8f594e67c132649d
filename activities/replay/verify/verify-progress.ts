import { z } from 'zod';
import { LISTED_PARTITIONS, type ReplayedPartition, type VerifiedReplay } from '../steps.ts';
import { tallyShape, type PartitionTally } from './partition-tally.ts';

const int64 = z.string().regex(/^\d+$/);
const listedShape = z.object({
  partition: z.int(),
  records: int64,
  firstOffset: int64.optional(),
  lastOffset: int64.optional(),
  aborted: int64,
  abortedRanges: z.array(z.object({ from: int64, to: int64 })),
});

const progressShape = z.object({
  /** The topic that was read, as it was then: another one, or one that has grown, is read from its beginning. */
  log: z.string(),
  verified: z.int().min(0),
  of: z.int(),
  aborted: z.int(),
  listed: z.array(listedShape).max(LISTED_PARTITIONS),
  at: tallyShape.optional(),
});

type Details = z.infer<typeof progressShape>;

/** Heartbeats are held to this many ranges: those of the first partitions. */
const MOST_RANGES = 300;

/** How far the last check got, small enough for a heartbeat, whatever the number of partitions. */
export class VerifyProgress {
  readonly #details: Details;
  #ranges = 0;

  private constructor(details: Details) {
    this.#details = details;
    for (const { abortedRanges } of details.listed) this.#ranges += abortedRanges.length;
  }

  /** Goes on with what an earlier attempt has told, if that was of the same log; `log` names topic and ends. */
  static of(resumed: unknown, log: string, of: number): VerifyProgress {
    const parsed = progressShape.safeParse(resumed);
    const same = parsed.success && parsed.data.log === log && parsed.data.of === of;
    return new VerifyProgress(same ? parsed.data : { log, verified: 0, of, aborted: 0, listed: [] });
  }

  /** Partitions that are done: the next one is this one. */
  get verified(): number {
    return this.#details.verified;
  }

  get aborted(): number {
    return this.#details.aborted;
  }

  /** What was counted of the next one. */
  get at(): PartitionTally | undefined {
    return this.#details.at;
  }

  /** A copy: a heartbeat must not see a batch that is counted by half. */
  reading(tally: PartitionTally): Record<string, unknown> {
    const abortedRanges = tally.abortedRanges.map((range) => ({ ...range }));
    this.#details.at = { ...tally, abortedRanges, disturbed: [...tally.disturbed] };
    return this.#details;
  }

  done(found: ReplayedPartition): Record<string, unknown> {
    const details = this.#details;
    delete details.at;
    details.verified++;
    details.aborted += Number(found.aborted);
    this.#list(found);
    return details;
  }

  result(): VerifiedReplay {
    const { listed, of } = this.#details;
    const partitions = listed
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ firstOffset, lastOffset, ...found }) => ({ ...found, firstOffset, lastOffset }));
    return { partitions, morePartitions: of - partitions.length };
  }

  /** Those with something to say come before those without. */
  #list(found: ReplayedPartition): void {
    const { listed } = this.#details;
    if (listed.length === LISTED_PARTITIONS) {
      const quiet = listed.findLastIndex(({ aborted }) => aborted === '0');
      if (found.aborted === '0' || quiet < 0) return;
      listed.splice(quiet, 1);
    }
    const abortedRanges = found.abortedRanges.slice(0, Math.max(0, MOST_RANGES - this.#ranges));
    this.#ranges += abortedRanges.length;
    listed.push({ ...found, abortedRanges });
  }
}
