import type { ReplayHarness } from '../../support/replay-harness.ts';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import type { RoundValues } from './round-values.ts';
import type { SourceTopics } from './source-topics.ts';

/** Replays what was archived of a topic in its only life, and compares it with what was produced. */
export async function checkReplay(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  source: SourceTopics,
  topic: string,
  values: RoundValues,
): Promise<{ faults: string[]; replayed: number }> {
  const faults: string[] = [];
  const truth = source.truth.filter((each) => each.topic === topic);
  const expected = truth.flatMap(({ records, deletedTo }) =>
    [...records].flatMap(([offset, value]) => (value === null ? [] : [{ value, may: offset < deletedTo }])),
  );
  if (expected.every(({ may }) => may)) return { faults, replayed: 0 };
  const group = `group-${topic}`;
  const result = await harness.replay({
    topic,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    ...values.replay,
    offsets: { group, kafka: true, zookeeper: false },
  });
  const read = await harness.read(`${topic}_REPLAY`);
  const times = new Map<string, number>();
  const texts = read.map(({ value }) => values.textOf(String(value)));
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  for (const { value, may } of expected) {
    const found = times.get(value) ?? 0;
    // What Kafka deleted may have been archived before.
    if (found !== 1 && !(may && found === 0)) faults.push(`the replay has ${value} ${found} times`);
    times.delete(value);
  }
  for (const value of times.keys()) faults.push(`the replay has ${value}, which was never committed`);
  const order = texts.map((text) => (JSON.parse(text) as { timestamp: string }).timestamp);
  if (order.some((time, at) => at > 0 && time < order[at - 1]!)) faults.push('the replay is out of order');
  // They are listed as well where they were not committed: runs of deletions, aborted records and gaps are no holes.
  const { kafka, offsets } = result.offsets ?? {};
  if (kafka !== 'committed')
    faults.push(`the offsets were ${kafka}, expected committed: ${result.remarks.join('; ').slice(0, 1000)}`);
  const committed = new Map(offsets?.map((each) => [Number(each.partition), each.offset]));
  for (const { partition, end } of truth)
    if (committed.get(partition) !== String(end))
      faults.push(`the replay ends at ${committed.get(partition)} of ${topic}-${partition}, expected ${end}`);
  await harness.admin((admin) => admin.deleteTopics({ topics: [`${topic}_REPLAY`] }));
  return { faults: faults.slice(0, 10), replayed: read.length };
}
