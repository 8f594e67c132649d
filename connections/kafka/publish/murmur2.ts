const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;

/** Kafka's murmur2 of a key (`org.apache.kafka.common.utils.Utils.murmur2`), a signed 32-bit number. */
export function murmur2(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const length = end - start;
  let hash = SEED ^ length;
  const tail = end - (length & 3);
  for (let at = start; at < tail; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if ((length & 3) === 3) hash ^= bytes[tail + 2]! << 16;
  if ((length & 3) >= 2) hash ^= bytes[tail + 1]! << 8;
  if ((length & 3) >= 1) hash = Math.imul(hash ^ bytes[tail]!, MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition that Kafka's default partitioner (Java, librdkafka's `murmur2`, kafkajs) gives a non-null key. */
export function partitionOfKey(partitions: number, key: Uint8Array, start = 0, end: number = key.length): number {
  return (murmur2(key, start, end) & 0x7fffffff) % partitions;
}
