import type { ReplayHarness } from '../../support/replay-harness.ts';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import type { SourceTopics } from './source-topics.ts';

/** Replays what was archived of a topic in its only life, and compares it with what was produced. */
export async function checkReplay(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  source: SourceTopics,
  topic: string,
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
    time: { format: 'ISO-8601' },
    output: { encoding: 'original' },
    offsets: { group, kafka: true, zookeeper: false },
  });
  const read = await harness.read(`${topic}_REPLAY`);
  const times = new Map<string, number>();
  for (const { value } of read) times.set(String(value), (times.get(String(value)) ?? 0) + 1);
  for (const { value, may } of expected) {
    const found = times.get(value) ?? 0;
    // What Kafka deleted may have been archived before.
    if (found !== 1 && !(may && found === 0)) faults.push(`the replay has ${value} ${found} times`);
    times.delete(value);
  }
  for (const value of times.keys()) faults.push(`the replay has ${value}, which was never committed`);
  const order = read.map(({ value }) => (JSON.parse(String(value)) as { timestamp: string }).timestamp);
  if (order.some((time, at) => at > 0 && time < order[at - 1]!)) faults.push('the replay is out of order');
  const committed = new Map(
    (result.offsets as { offsets?: { partition: string; offset: string }[] } | undefined)?.offsets?.map((each) => [
      Number(each.partition),
      each.offset,
    ]),
  );
  for (const { partition, end } of truth)
    if (committed.get(partition) !== String(end))
      faults.push(`the replay ends at ${committed.get(partition)} of ${topic}-${partition}, expected ${end}`);
  await harness.admin((admin) => admin.deleteTopics({ topics: [`${topic}_REPLAY`] }));
  return { faults: faults.slice(0, 10), replayed: read.length };
}
