import { badIn, isBadData, type BadReason } from './left-reasons.ts';

/** How much may be bad where bad data is skipped: per cent. */
export interface BadDataLimits {
  /** Of all records. */
  limitPercent: number;
  /** Of a topic's. */
  topicLimitPercent: number;
  /** Of all records, for single reasons. @default none: also of jobs that were begun before there were any */
  limits?: Readonly<Partial<Record<BadReason, number | undefined>>>;
  /** Bad records from which on a limit above 0 counts. @default 1 */
  limitsFrom?: number | undefined;
}

/** A limit that is passed: `bad` of `all` records, the field of `badData` that allows fewer, and the reason it is about. */
export interface PassedLimit {
  bad: number;
  all: number;
  field: string;
  limit: number;
  reason?: string;
}

/** Records of a topic, or of several. */
export class RecordsLeft {
  /** Those that were taken, and the bad ones. */
  all = 0;
  bad = 0;
  readonly #byReason = new Map<string, number>();

  add(taken: number, left: Readonly<Record<string, number>>): void {
    const bad = badIn(left);
    this.bad += bad;
    this.all += taken + bad;
    for (const [reason, count] of Object.entries(left))
      if (isBadData(reason)) this.#byReason.set(reason, this.of(reason) + count);
  }

  addAll(other: RecordsLeft): void {
    this.#addTimes(other, 1);
  }

  takeAway(other: RecordsLeft): void {
    this.#addTimes(other, -1);
  }

  #addTimes(other: RecordsLeft, times: 1 | -1): void {
    this.bad += times * other.bad;
    this.all += times * other.all;
    for (const [reason, count] of other.#byReason) this.#byReason.set(reason, this.of(reason) + times * count);
  }

  of(reason: string): number {
    return this.#byReason.get(reason) ?? 0;
  }
}

/** The limit of a topic, where it is passed. */
export function passedByTopic(
  topic: RecordsLeft,
  { topicLimitPercent, limitsFrom }: BadDataLimits,
): PassedLimit | undefined {
  return passed({ bad: topic.bad, all: topic.all, field: 'topicLimitPercent', limit: topicLimitPercent }, limitsFrom);
}

/** The first limit of all records that is passed. */
export function passedByAll(
  left: RecordsLeft,
  { limitPercent, limits = {}, limitsFrom }: BadDataLimits,
): PassedLimit | undefined {
  const { all } = left;
  const over = passed({ bad: left.bad, all, field: 'limitPercent', limit: limitPercent }, limitsFrom);
  if (over !== undefined) return over;
  for (const [reason, limit] of Object.entries(limits)) {
    if (limit === undefined) continue;
    const at = passed({ bad: left.of(reason), all, field: `limits.${reason}`, limit, reason }, limitsFrom);
    if (at !== undefined) return at;
  }
  return undefined;
}

function passed(at: PassedLimit, limitsFrom = 1): PassedLimit | undefined {
  const { bad, all, limit } = at;
  const counts = limit === 0 ? bad > 0 : bad >= limitsFrom;
  return counts && bad * 100 > all * limit ? at : undefined;
}
