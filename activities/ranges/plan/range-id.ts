import { createHash } from 'node:crypto';

/** Tells whose a range is, and of which life of the topic. */
export function rangeOwner(
  topicId: string | undefined,
  { group, function: name }: { group: string; function: string },
): string {
  const hash = createHash('sha256').update(JSON.stringify([group, name, topicId ?? '']));
  return hash.digest('hex').slice(0, 8);
}

/**
 * Names a range: where it is, so that people can read it, and whose. What a function writes under it is written again
 * under the same name.
 */
export function rangeId(
  { topic, partition, from, to }: { topic: string; partition: number; from: bigint; to: bigint },
  owner: string,
): string {
  return `${topic}-${partition}-${from}-${to}-${owner}`;
}
