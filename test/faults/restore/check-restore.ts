import type { ReplayHarness } from '../../support/replay-harness.ts';
import { kafkaOffsets } from '../../support/group-offsets.ts';
import type { ExpectedRecord, RestoreSource } from './restore-source.ts';
import { readWhole } from './read-whole.ts';

/** What is wrong with a topic that came back; empty where each partition has the very records, in their order. */
export async function checkRestore(
  harness: ReplayHarness,
  { topic, expected, offsets }: RestoreSource,
  { replayTopic, group }: { replayTopic: string; group: string },
): Promise<string[]> {
  const faults: string[] = [];
  const found = await readWhole(harness.stack.kafka, replayTopic);
  if (found.length !== expected.length)
    faults.push(`${replayTopic} has ${found.length} partitions, expected ${expected.length}`);
  for (const [partition, records] of expected.entries()) {
    const timed = records[0]?.timestamp !== undefined;
    const there = (found[partition] ?? []).map((record) => comparable(record, timed));
    const wanted = records.map((record) => comparable(record, timed));
    const at = wanted.findIndex((record, index) => record !== there[index]);
    if (at < 0 && there.length === wanted.length) continue;
    const where = at < 0 ? wanted.length : at;
    faults.push(
      `partition ${partition} of ${replayTopic} has ${there.length} records of ${wanted.length}; record ${where} is ${there[where] ?? 'not there'}, expected ${wanted[where] ?? 'none'}`,
    );
  }
  const committed = (await kafkaOffsets(harness, group, topic)).offsets;
  for (const [partition, offset] of Object.entries(offsets))
    if (committed[partition] !== offset)
      faults.push(`offset of partition ${partition}: expected ${offset}, found ${committed[partition] ?? 'none'}`);
  return faults;
}

/** The offset that a record has now is another one. */
function comparable({ key, value, timestamp, headers }: ExpectedRecord, timed: boolean): string {
  return JSON.stringify([key, value, timed ? String(timestamp) : 'of publishing', headers]);
}
