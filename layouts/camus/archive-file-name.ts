import type { ArchiveName } from './archive-names.ts';
import { parseArchiveName } from './archive-names.ts';

/** A topic's name in folders and file names: Camus writes an underscore for each dot. Two topics may share one. */
export function archiveTopicName(topic: string): string {
  return topic.replaceAll('.', '_');
}

/**
 * The name of a data file, `TOPIC.BROKER.PARTITION.COUNT.NEXTOFFSET.BUCKET` and the extension.
 * @param file its `topic` as Kafka has it
 * @param extension with its dot, such as `.avro`; none for SequenceFiles and plain lines
 * @throws RangeError for what can't be read back from the name
 */
export function archiveFileName(file: ArchiveName & { bucketStartMs: number }, extension = ''): string {
  const topic = archiveTopicName(file.topic);
  const { node, partition, count, nextOffset, bucketStartMs } = file;
  const name = [topic, node, partition, count, nextOffset, bucketStartMs].join('.') + extension;
  const read = parseArchiveName(name);
  const same =
    read?.topic === topic &&
    read.node === node &&
    read.partition === partition &&
    read.count === count &&
    read.nextOffset === nextOffset &&
    read.bucketStartMs === bucketStartMs;
  if (same) return name;
  throw new RangeError(`${name} would not be read as the name of a file of an archive`);
}
