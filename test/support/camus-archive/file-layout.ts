import { recordTime } from './archive-plan.ts';
import { TimeBuckets } from './time-buckets.ts';
import type { ArchivePlan, TopicPlan } from './archive-plan.ts';
import type { TimeBucket } from './time-buckets.ts';

/** One data file of the archive. */
export interface ArchiveFile {
  path: string;
  /** Position of its run in the plan. */
  run: number;
  partition: number;
  count: number;
  /** One past the offset of its last record: the number in its name. */
  nextOffset: bigint;
  schemaVersion: 1 | 2;
  /** Entry of its first record; the others follow. */
  first: number;
}

/**
 * All data files of a topic in the order of a manifest (folder, partition, next offset, name), and their records as
 * entries: numbered through in that order. 12 bytes an entry.
 */
export interface FileLayout {
  files: ArchiveFile[];
  /** Record time of each entry. */
  times: Float64Array;
  /** Position in its partition of each entry's record. */
  indexes: Uint32Array;
}

interface Draft extends ArchiveFile {
  folder: string;
  name: string;
  broker: number;
  bucket: TimeBucket;
  lastIndex: number;
  cursor: number;
}

export function layOut(plan: ArchivePlan, topicIndex: number): FileLayout {
  const topic = plan.topics[topicIndex];
  if (topic === undefined) throw new RangeError(`no topic ${topicIndex} in an archive of ${plan.topics.length}`);
  const buckets = new TimeBuckets(plan.options.timeZone);
  const drafts: Draft[] = [];
  const pulls = plan.runs.flatMap((run, at) =>
    (run.pulled[topicIndex] ?? []).map((range, partition) => ({
      ...range,
      run: at,
      partition,
      files: new Map<TimeBucket, Draft>(),
    })),
  );
  for (const pull of pulls)
    for (let index = pull.from; index < pull.to; index++) {
      const bucket = buckets.of(recordTime(plan.options, topic, pull.partition, index));
      let draft = pull.files.get(bucket);
      if (draft === undefined) {
        draft = newDraft(pull, bucket, plan.runs[pull.run]?.schemaVersion ?? 2);
        pull.files.set(bucket, draft);
        drafts.push(draft);
      }
      draft.count++;
      draft.lastIndex = index;
    }
  drafts.forEach((draft) => nameFile(plan, topic, draft));
  drafts.sort(inManifestOrder);
  let total = 0;
  for (const draft of drafts) {
    draft.first = total;
    total += draft.count;
  }
  const times = new Float64Array(total);
  const indexes = new Uint32Array(total);
  for (const pull of pulls)
    for (let index = pull.from; index < pull.to; index++) {
      const time = recordTime(plan.options, topic, pull.partition, index);
      const draft = pull.files.get(buckets.of(time)) as Draft;
      const entry = draft.first + draft.cursor++;
      times[entry] = time;
      indexes[entry] = index;
    }
  return { files: drafts.map(fileOf), times, indexes };
}

function newDraft(
  pull: { run: number; partition: number; broker: number },
  bucket: TimeBucket,
  schemaVersion: 1 | 2,
): Draft {
  const { run, partition, broker } = pull;
  const unnamed = { path: '', folder: '', name: '', nextOffset: 0n };
  return { run, partition, broker, bucket, schemaVersion, ...unnamed, count: 0, lastIndex: 0, first: 0, cursor: 0 };
}

/** TOPIC.BROKER.PARTITION.COUNT.NEXTOFFSET.BUCKET.avro, as DefaultPartitioner.generateFileName has it. */
function nameFile(plan: ArchivePlan, topic: TopicPlan, draft: Draft): void {
  const safe = folderOfTopic(topic.topic);
  draft.nextOffset = (topic.startOffsets[draft.partition] ?? 0n) + BigInt(draft.lastIndex) + 1n;
  draft.folder = `${plan.options.dest}/${safe}/hourly/${draft.bucket.folder}`;
  draft.name = [safe, draft.broker, draft.partition, draft.count, draft.nextOffset, draft.bucket.start, 'avro'].join(
    '.',
  );
  draft.path = `${draft.folder}/${draft.name}`;
}

function inManifestOrder(a: Draft, b: Draft): number {
  if (a.folder !== b.folder) return a.folder < b.folder ? -1 : 1;
  if (a.partition !== b.partition) return a.partition - b.partition;
  if (a.nextOffset !== b.nextOffset) return a.nextOffset < b.nextOffset ? -1 : 1;
  if (a.name === b.name) throw new Error(`two runs would write ${a.path}: expected other bounds, partitions or shares`);
  return a.name < b.name ? -1 : 1;
}

function fileOf({ path, run, partition, count, nextOffset, schemaVersion, first }: Draft): ArchiveFile {
  return { path, run, partition, count, nextOffset, schemaVersion, first };
}

/** Camus puts underscores for the dots of a topic's name, in folders and file names. */
export function folderOfTopic(topic: string): string {
  return topic.replaceAll('.', '_');
}
