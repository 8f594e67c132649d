/** What the name of a data file of Camus tells. */
export interface ArchiveName {
  /** As in the name: Camus writes an underscore for each dot of the topic's. */
  topic: string;
  /** Id of the broker that led the partition; for Kafka 0.7 of the node to which the partition belongs. */
  node: string;
  partition: number;
  /** Records in the file. */
  count: number;
  /** One past the offset of the last record: `KafkaReader` puts `offset + 1` into the key. */
  nextOffset: bigint;
  /** Start of the time bucket, ms since 1970 UTC; Camus for Kafka 0.7 and partitioners of one's own may have none. */
  bucketStartMs: number | undefined;
}

const MAX_INT32 = 0x7fff_ffff;
const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
/** Not more digits than a long has. */
const NUMBER = /^\d{1,19}$/;
/** As `EtlMultiOutputCommitter` takes it from the name of a working file. */
const NODE = /^[\d_]+$/;
const BUCKET = /^-?\d+$/;
const EXTENSION = /^[A-Za-z]/;

/**
 * Reads a name as `DefaultPartitioner.generateFileName` and the writers' extensions make it,
 * `TOPIC.BROKER.PARTITION.COUNT.OFFSET.BUCKET[.EXTENSION...]`, or `TOPIC.NODE.PARTITION.COUNT.OFFSET[.EXTENSION...]` as
 * Camus for Kafka 0.7 does. Undefined for other names, for numbers that Kafka can't have, and for records before offset
 * 0: `TopicGroupingPartitioner` writes the number of its task for the partition and 0 for the next offset.
 */
export function parseArchiveName(name: string): ArchiveName | undefined {
  const [topic = '', node = '', partitionText = '', countText = '', offsetText = '', ...rest] = name.split('.');
  if (topic === '' || !NODE.test(node)) return undefined;
  const partition = int32(partitionText);
  const count = int32(countText);
  const nextOffset = NUMBER.test(offsetText) ? BigInt(offsetText) : undefined;
  if (partition === undefined || count === undefined || nextOffset === undefined || nextOffset > MAX_INT64)
    return undefined;
  // What a partitioner of one's own writes here may be anything; an extension begins with a letter.
  const bucket = rest[0] === undefined || EXTENSION.test(rest[0]) ? undefined : rest.shift();
  if (bucket === '' || !rest.every((part) => EXTENSION.test(part))) return undefined;
  if (nextOffset === 0n && count > 0) return undefined;
  const start = bucket !== undefined && BUCKET.test(bucket) ? Number(bucket) : undefined;
  const bucketStartMs = Number.isSafeInteger(start) ? start : undefined;
  return { topic, node, partition, count, nextOffset, bucketStartMs };
}

function int32(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) : undefined;
  return value !== undefined && value <= MAX_INT32 ? value : undefined;
}

/**
 * False for the name of a file or folder that is not data: hidden ones, Hadoop's own (`_SUCCESS`, `_temporary`, `_logs`),
 * and what somebody is still writing (Kafka Connect's `+tmp`, Flume's `*.tmp`, `*_COPYING_` of `hdfs dfs -put`).
 */
export function isDataFile(name: string): boolean {
  return !/^[_.]|^\+tmp$|\.tmp$|_COPYING_$/.test(name);
}

/** The same of a folder that may have data below it. */
export function isDataFolder(name: string): boolean {
  return !/^[_.]|^\+tmp$/.test(name);
}

/** A file's place in the manifest, read from its path once: sorting compares it many times. */
export interface ManifestPlace {
  /** The path up to the last slash, without it. */
  folder: string;
  name: string;
  /** Of names as Camus gives them. */
  camus: { partition: number; nextOffset: bigint } | undefined;
}

export function manifestPlace(path: string): ManifestPlace {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  return { folder: path.slice(0, Math.max(0, slash)), name, camus: parseArchiveName(name) };
}

/**
 * Orders files as the manifest does, so that records of equal time come in the order of their files: by folder; in a
 * folder names of Camus first, by partition and next offset as numbers, by which a partition keeps its topic's order;
 * then by name. Strings compare by UTF-16 code units, as in Java. A folder comes before what is below it, but not
 * directly: `a`, `a-b`, `a/b`.
 */
export function compareManifestOrder(a: string, b: string): number {
  return comparePlaces(manifestPlace(a), manifestPlace(b));
}

/** As `compareManifestOrder`, of places that were read before: for many files. */
export function comparePlaces(a: ManifestPlace, b: ManifestPlace): number {
  return compare(a.folder, b.folder) || compareCamus(a.camus, b.camus) || compare(a.name, b.name);
}

function compareCamus(a: ManifestPlace['camus'], b: ManifestPlace['camus']): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.partition - b.partition || compare(a.nextOffset, b.nextOffset);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
