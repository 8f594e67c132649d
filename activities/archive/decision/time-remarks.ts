import { MISSING_TIME, UNREADABLE_TIME, WILD_TIME } from '../pull/time-counts.ts';
import type { Decision } from './decision.ts';

/** Topics that a remark names. */
const NAMED = 5;

/** What a run tells of records whose bucket is not by a time of their own. */
export function timeRemarks(partitions: Decision['partitions']): string[] {
  const sum = (records: Iterable<number>): number => [...records].reduce((all, each) => all + each, 0);
  const wild = sum(byTopic(partitions, WILD_TIME).values());
  const unreadable = byTopic(partitions, UNREADABLE_TIME);
  const of = recordsOf(partitions);
  // A field that some records have is an optional one.
  const missing = [...byTopic(partitions, MISSING_TIME)].filter(([topic, count]) => count === of.get(topic));
  return [
    ...(wild > 0
      ? [
          `${wild} records have no time that is believed, before 1970 or beyond time.horizonDays: they are in the bucket of Kafka's timestamp, or in that of 1970 (time.wild)`,
        ]
      : []),
    ...(unreadable.size > 0
      ? [
          `${sum(unreadable.values())} records have a time that can't be read, and are in the bucket of Kafka's timestamp: ${named([...unreadable].map(([topic, count]) => `${count} of ${topic}`))}. Is it written as time.format says?`,
        ]
      : []),
    ...(missing.length > 0
      ? [
          `not one record has the field that time.field names, so that all are in the bucket of Kafka's timestamp: ${named(missing.map(([topic, count]) => `${count} of ${topic}`))}`,
        ]
      : []),
  ];
}

function byTopic(partitions: Decision['partitions'], name: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { topic, untold = {} } of partitions) {
    const count = untold[name] ?? 0;
    if (count > 0) counts.set(topic, (counts.get(topic) ?? 0) + count);
  }
  return counts;
}

function recordsOf(partitions: Decision['partitions']): Map<string, number> {
  const records = new Map<string, number>();
  for (const { topic, records: of } of partitions) records.set(topic, (records.get(topic) ?? 0) + of);
  return records;
}

function named(all: readonly string[]): string {
  const more = all.length - NAMED;
  return [...all.slice(0, NAMED), ...(more > 0 ? [`and ${more} more topics`] : [])].join(', ');
}
