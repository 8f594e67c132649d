/** What the name of a file tells that Kafka Connect's HDFS sink has committed. */
export interface CommittedName {
  topic: string;
  partition: number;
  /** Of the first and the last record; other files may hold some of those between. */
  first: bigint;
  last: bigint;
}

const MAX_INT32 = 0x7fff_ffff;
export const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;

/** `TOPIC+PARTITION+FIRST+LAST.EXTENSION`; offsets have zeros before them (`filename.offset.zero.pad.width`). */
const NAME = /^(.+)\+(\d+)\+(\d+)\+(\d+)((?:\.\w+)*)$/;

/** Undefined for names of another shape. The numbers are as they stand there, whether Kafka can have them or not. */
export function parseCommittedName(name: string): CommittedName | undefined {
  const [, topic, partition = '', first = '', last = ''] = NAME.exec(name) ?? [];
  if (topic === undefined) return undefined;
  return { topic, partition: Number(partition), first: BigInt(first), last: BigInt(last) };
}

/** What no file of Kafka's records can have in its name; undefined where nothing speaks against it. */
export function impossible({ partition, first, last }: CommittedName): string | undefined {
  if (partition > MAX_INT32) return `Kafka has no partition ${partition}`;
  if (first > MAX_INT64 || last > MAX_INT64) return `Kafka has no offset ${first > MAX_INT64 ? first : last}`;
  if (last < first) return `the last offset ${last} in its name is smaller than the first, ${first}`;
  return undefined;
}
