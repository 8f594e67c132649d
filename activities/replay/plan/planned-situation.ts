import { ConnectionError } from '../../../connections/connection-error.ts';
import type { TopicDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../../connections/kafka/kafka-connection.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { PlannedSituation } from './replay-plan.ts';

const LISTED = 5;

/** What has become of the source topic, as far as its log and the archive's offsets tell. */
export async function plannedSituation(
  kafka: Pick<KafkaConnection, 'describeTopic'>,
  { topic, offsets }: Pick<ReplayJob, 'topic' | 'offsets'>,
  pins: Pick<PinnedOffsets, 'next'> | undefined,
): Promise<PlannedSituation> {
  let source: TopicDescription | undefined;
  try {
    source = await kafka.describeTopic(topic);
  } catch (error) {
    // A job without a group may do without this right: it is no problem of its own.
    if (!(error instanceof ConnectionError)) throw error;
    return { state: 'unknown', why: error.message, partitions: undefined, empty: false, gap: false };
  }
  // Offsets of Kafka 0.7 are bytes, and its partitions those of a node.
  const next = offsets.layout === '0.7' ? {} : (pins?.next ?? {});
  const numbers = Object.keys(next).map(Number);
  const partitions = source?.partitions.length ?? (numbers.length === 0 ? undefined : Math.max(...numbers) + 1);
  return { partitions, ...situationOf(source, next) };
}

function situationOf(
  source: TopicDescription | undefined,
  next: Readonly<Record<string, string>>,
): Omit<PlannedSituation, 'partitions'> {
  if (source === undefined) return { state: 'absent', why: 'there is no such topic', empty: false, gap: false };
  const ends = new Map(source.partitions.map(({ partition, latest }) => [String(partition), latest]));
  const empty = [...ends.values()].every((latest) => latest === 0n);
  const shorter = Object.entries(next).flatMap(([partition, offset]) => {
    const latest = ends.get(partition);
    if (latest === undefined) return [`it has no partition ${partition}, which the archive has`];
    return BigInt(offset) > latest ? [`partition ${partition} ends at ${latest}, and the archive at ${offset}`] : [];
  });
  if (shorter.length > 0) return { state: 'recreated', why: listed(shorter), empty, gap: false };
  if (empty) return { state: 'recreated', why: 'it has never held a record', empty, gap: false };
  const begins = source.partitions.filter(({ earliest }) => earliest > 0n);
  if (begins.length === 0)
    return { state: 'alive', why: 'its partitions begin at offset 0: nothing was deleted', empty, gap: false };
  const gaps = begins.filter(({ partition, earliest }) => earliest > BigInt(next[partition] ?? earliest));
  const told = begins.map(({ partition, earliest }) => {
    const offset = next[partition];
    const archived = offset === undefined ? '' : `, and the archive ends at ${offset}`;
    return `partition ${partition} begins at ${earliest}${archived}`;
  });
  return { state: 'trimmed', why: listed(told), empty, gap: gaps.length > 0 };
}

function listed(items: readonly string[]): string {
  const more = items.length - LISTED;
  return items.slice(0, LISTED).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
