import { parseZooKeeperConfig } from '../../connections/zookeeper/config.ts';
import { openNodeStore } from '../../connections/zookeeper/open-node-store.ts';
import { readTopicToItsEnd } from '../../test/support/camus-archive/topic-reader.ts';
import type { StackAddresses } from '../stack/stack-addresses.ts';
import type { DemoRecord, SourceTopic } from './source-topic.ts';

export interface Circle {
  addresses: StackAddresses;
  source: SourceTopic;
  group: string;
  /** Records that were archived, and then lost: ids 0 to before this. */
  archived: number;
  /** Where the group is to go on, and how many records the live topic has from there. */
  ends: readonly number[];
  live: number;
}

/** Reads all back as consumers would, and says what there is; throws where it is not what was sent. */
export async function checkCircle(circle: Circle, say: (line: string) => void): Promise<void> {
  const { addresses, source, group, archived, ends, live } = circle;
  const { times, unordered, foreign } = await readReplay(circle);
  const missing = times.filter((count) => count === 0).length;
  const doubled = times.filter((count) => count > 1).length;
  say(`the replay topic, as a read_committed consumer sees it: ${archived} records expected`);
  say(`  missing ${missing}, doubled ${doubled}, out of time order ${unordered}, never sent ${foreign}`);
  const inKafka = await source.committedOffsets(group);
  const inZooKeeper = await zooKeeperOffsets(addresses, source, group);
  say(`offsets of group ${group}: partition, where the archive ended, in ZooKeeper, in Kafka`);
  let right = missing + doubled + unordered + foreign === 0;
  for (const [partition, end] of ends.entries()) {
    const [zookeeper, kafka] = [inZooKeeper.get(partition), inKafka.get(partition)];
    say(`  ${partition}  ${end}  ${zookeeper}  ${kafka}`);
    right &&= zookeeper === String(end) && kafka === String(end);
  }
  const seen = await source.consumeFromCommitted(group, live);
  say(`from there the group reads ${seen.length} records of the live topic, of ${live}`);
  right &&= seen.length === live && new Set(seen).size === live && seen.every((id) => id >= archived);
  if (!right) throw new Error('the replay is not what it should be: see above');
}

/** How often each id is in the replay topic, and how many records are earlier than the one before them. */
async function readReplay({ addresses, source, archived }: Circle): Promise<{
  times: Uint8Array;
  unordered: number;
  foreign: number;
}> {
  const times = new Uint8Array(archived);
  let [unordered, foreign, last] = [0, 0, 0];
  await readTopicToItsEnd({ brokers: addresses.kafka, topic: `${source.name}_REPLAY` }, (_partition, { value }) => {
    const { id, timestamp } = JSON.parse(String(value)) as DemoRecord;
    if (id < archived) times[id]! += 1;
    else foreign += 1;
    if (timestamp < last) unordered += 1;
    last = timestamp;
  });
  return { times, unordered, foreign };
}

async function zooKeeperOffsets(
  addresses: StackAddresses,
  { name, partitions }: SourceTopic,
  group: string,
): Promise<Map<number, string>> {
  const store = await openNodeStore(parseZooKeeperConfig({ hosts: addresses.zookeeper }, 'demo'));
  const found = new Map<number, string>();
  for (let partition = 0; partition < partitions; partition++) {
    const node = await store.get(`/consumers/${group}/offsets/${name}/${partition}`);
    if (node !== undefined) found.set(partition, node.data.toString());
  }
  await store.close();
  return found;
}
