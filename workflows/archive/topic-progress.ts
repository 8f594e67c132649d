import type { PulledTopic, TopicLag } from '../../activities/archive/steps.ts';
import type { Int64Text } from '../../activities/replay/steps.ts';
import { addText } from '../run/int64-text.ts';
import type { ArchiveState } from './archive-state.ts';

/** How far one topic is, of those that were furthest behind when the run was planned. */
export interface TopicProgress {
  topic: string;
  /** Offsets that are not archived; while ranges are pulled, those of finished pulls count as archived. */
  lag: Int64Text;
  records: Int64Text;
  recordsPerSecond: number | undefined;
  /** Time up to which it is archived, ISO-8601; undefined where that is not known. */
  completeTo: string | undefined;
}

/** What was pulled of the topics that the plan has named; the others are only in the sums. */
export function addTopics({ planned, pulled }: ArchiveState, topics: readonly PulledTopic[]): void {
  const named = new Set(planned?.lags?.map(({ topic }) => topic));
  for (const { topic, offsets, records } of topics) {
    if (!named.has(topic)) continue;
    pulled.topics ??= {};
    const before = pulled.topics[topic] ?? { offsets: '0', records: '0' };
    pulled.topics[topic] = { offsets: addText(before.offsets, offsets), records: addText(before.records, records) };
  }
}

/**
 * The topics that are, or were, furthest behind.
 *
 * @param seconds that pulling took so far
 * @param thrownAway - whether what was pulled is: of a run that was cancelled before it decided
 */
export function topicProgress(
  { planned, pulled, decided }: ArchiveState,
  seconds: number,
  thrownAway = false,
): TopicProgress[] {
  const lags = decided?.lags ?? planned?.lags ?? [];
  return lags.map(({ topic, lag, complete }) => {
    const { offsets, records } = (thrownAway ? undefined : pulled.topics?.[topic]) ?? { offsets: '0', records: '0' };
    return {
      topic,
      lag: decided?.lags === undefined ? behind(lag, offsets) : lag,
      records,
      recordsPerSecond: seconds > 0 ? Math.round(Number(records) / seconds) : undefined,
      completeTo: timeText(complete),
    };
  });
}

function behind(lag: TopicLag['lag'], offsets: Int64Text): Int64Text {
  const left = BigInt(lag) - BigInt(offsets);
  return String(left > 0n ? left : 0n);
}

function timeText(complete: number | undefined): string | undefined {
  return complete === undefined ? undefined : new Date(complete).toISOString();
}
