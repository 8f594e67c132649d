/** What is known of a partition when a run is planned; offsets are pinned from here on. */
export interface PartitionFacts {
  topic: string;
  partition: number;
  /** Where the history says to go on; undefined for a partition that it doesn't know. */
  stored: bigint | undefined;
  earliest: bigint;
  /** Last stable offset: what lies behind it may still be aborted. */
  stable: bigint;
  /** Log end. */
  latest: bigint;
  /** Whether the topic has another id than when the stored offset was written; undefined where one is not known. */
  otherTopic: boolean | undefined;
  /** Where the records end that were there when the offset was stored; undefined where nothing tells. */
  knownEnd?: bigint | undefined;
  /** Where `start` begins; undefined for `earliest`. */
  startsAt: bigint | undefined;
}

/** What a run does with a partition. */
export interface PartitionSpan {
  /** Half-open range of offsets that the run reads; empty where there is nothing to read. */
  from: bigint;
  to: bigint;
  /** Where the next run goes on if this one reads nothing. */
  stays: bigint;
  missing: { from: bigint; to: bigint; why: string }[];
  remarks: string[];
  /** Why the partition is left as it is, and the run fails for its topic when the others are done. */
  problem?: string;
}

export interface SpanPolicies {
  gap: 'fail' | 'report';
  recreated: 'fail' | 'continue-at-earliest' | 'leave';
  /** Topics of which nothing is read. */
  moveToEnd: readonly string[];
}

/** How messages call who goes on, what is done with records, and where gaps are told. */
export interface SpanWords {
  who: string;
  done: string;
  told: string;
}

const ARCHIVE: SpanWords = { who: 'the archive', done: 'archived', told: 'the gap is kept in the execution' };

/**
 * Decides where a partition is read, from offsets alone. A stored offset is never continued by number in a topic of
 * another life, and an offset that Kafka has lost is never passed over in silence.
 */
export function partitionSpan(facts: PartitionFacts, policies: SpanPolicies, words = ARCHIVE): PartitionSpan {
  const { who, done } = words;
  const { topic, partition, stored, earliest, stable, latest } = facts;
  const name = `${topic}-${partition}`;
  if (policies.moveToEnd.includes(topic)) return movedToEnd(facts);
  if (stored === undefined) return span(clamp(facts.startsAt ?? earliest, earliest, stable), stable);
  // Of another topic, or one that may be another, epochs tell nothing.
  const { knownEnd } = facts;
  if (facts.otherTopic === false && knownEnd !== undefined && knownEnd < stored)
    return lostEnd(facts, stored, knownEnd, policies.recreated, words);
  const ahead = stored > latest;
  if (facts.otherTopic === true || ahead) {
    const why =
      facts.otherTopic === true
        ? `${name}: the topic was deleted and made anew: its id is another one than when offset ${stored} was ${done}`
        : `${name}: ${who} goes on at offset ${stored}, and the log ends at ${latest}: the topic was made anew, or an unclean election lost its end`;
    if (policies.recreated === 'continue-at-earliest')
      return span(earliest, stable, { remarks: [`${why}; ${done} from its earliest offset ${earliest} on`] });
    if (policies.recreated === 'leave') return span(stored, stored, { remarks: [`${why}; left as it is`] });
    const problem = `${why}. Set recreated to "continue-at-earliest" for what is there now beside what was ${done}, or to "leave"`;
    return span(stored, stored, { problem });
  }
  if (stored < earliest) return behindTheLog(facts, stored, policies.gap, words);
  return span(stored, larger(stored, stable));
}

/** From `from` up to `to`; where that is nothing, the next run goes on at `from`. */
function span(from: bigint, to: bigint, more: Partial<PartitionSpan> = {}): PartitionSpan {
  return { from, to, stays: from, missing: [], remarks: [], ...more };
}

function movedToEnd({ topic, partition, stored, earliest, stable }: PartitionFacts): PartitionSpan {
  const from = stored ?? earliest;
  const missing = from < stable ? [{ from, to: stable, why: 'moved to the end, as moveToEnd says' }] : [];
  return span(stable, stable, { missing, remarks: [`${topic}-${partition}: moved to its end ${stable}`] });
}

/** An unclean election: what stood from `end` on is gone, and other records have its offsets, or will have them. */
function lostEnd(
  { topic, partition, earliest, stable }: PartitionFacts,
  stored: bigint,
  end: bigint,
  policy: SpanPolicies['recreated'],
  { done }: SpanWords,
): PartitionSpan {
  const why = `${topic}-${partition}: an unclean election lost offsets ${end} to ${stored - 1n}, which were ${done}: other records have these offsets now, or will have them`;
  const from = larger(end, earliest);
  if (policy === 'continue-at-earliest')
    return span(from, larger(from, stable), { remarks: [`${why}; ${done} from offset ${from} on`] });
  if (policy === 'leave') return span(stored, stored, { remarks: [`${why}; left as it is`] });
  const problem = `${why}. Set recreated to "continue-at-earliest" for what is there now from offset ${from} on, beside what was ${done}, or to "leave"`;
  return span(stored, stored, { problem });
}

function behindTheLog(
  { topic, partition, earliest, stable }: PartitionFacts,
  stored: bigint,
  policy: SpanPolicies['gap'],
  { done, told }: SpanWords,
): PartitionSpan {
  const lost = `${topic}-${partition}: offsets ${stored} to ${earliest - 1n} are lost: Kafka deleted them before they were ${done}`;
  if (policy === 'fail') {
    const problem = `${lost}. Set gap to "report" to go on at ${earliest}; ${told}`;
    return span(stored, stored, { problem });
  }
  const missing = [{ from: stored, to: earliest, why: `deleted in Kafka before it was ${done}` }];
  return span(earliest, larger(earliest, stable), { missing, remarks: [lost] });
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return value < low ? low : value > high ? (high < low ? low : high) : value;
}
