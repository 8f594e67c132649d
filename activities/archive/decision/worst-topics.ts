import { passedByAll, type BadDataLimits, type PassedLimit, type RecordsLeft } from '../../log/bad-data-limits.ts';

/** A topic that the others can't have beside them, and the limit that all passed with it. */
export interface TopicTooMany {
  topic: string;
  over: PassedLimit;
}

/**
 * Topics without which the others are within the limits of all records, the worst first: those that would pass the limit
 * by themselves before quiet ones, of whose few records a share says little. It ends, as topics without bad records pass
 * no limit. One that was taken before the one that mattered comes back.
 */
export function worstTopics(
  byTopic: ReadonlyMap<string, RecordsLeft>,
  badData: BadDataLimits,
  all: RecordsLeft,
): TopicTooMany[] {
  const { limitsFrom = 1 } = badData;
  const kept = new Map(byTopic);
  const taken: TopicTooMany[] = [];
  for (let over = passedByAll(all, badData); over !== undefined; over = passedByAll(all, badData)) {
    const topic = worstOf(kept, over, limitsFrom);
    all.takeAway(kept.get(topic)!);
    kept.delete(topic);
    taken.push({ topic, over });
  }
  return taken.toReversed().filter(({ topic }) => {
    const of = byTopic.get(topic)!;
    all.addAll(of);
    if (passedByAll(all, badData) === undefined) return false;
    all.takeAway(of);
    return true;
  });
}

function worstOf(kept: ReadonlyMap<string, RecordsLeft>, { reason, limit }: PassedLimit, limitsFrom: number): string {
  let worst: { topic: string; passes: boolean; share: number } | undefined;
  for (const [topic, left] of kept) {
    const bad = reason === undefined ? left.bad : left.of(reason);
    if (bad === 0) continue;
    const passes = bad >= limitsFrom && bad * 100 > left.all * limit;
    const share = bad / left.all;
    if (worst === undefined || (passes === worst.passes ? share > worst.share : passes))
      worst = { topic, passes, share };
  }
  // A limit that is passed is passed by somebody's records.
  return worst!.topic;
}
