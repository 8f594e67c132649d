import { Draws, seedOf } from './draws.ts';
import {
  ETL_KEY_CLASS,
  ETL_REQUEST_CLASS,
  EXCEPTION_CLASS,
  NULL_CLASS,
  etlKeyBytes,
  etlRequestBytes,
} from './etl-key.ts';
import { recordTime } from './archive-plan.ts';
import { SequenceFileWriter } from './sequence-file-writer.ts';
import type { ArchivePlan, PulledRange, Run } from './archive-plan.ts';
import type { EtlKey } from './etl-key.ts';

const NOTHING = new Uint8Array(0);

/** The files of a run's execution folder by their names in it, as Camus's EtlInputFormat and EtlMultiOutputCommitter leave them. */
export function executionFiles(plan: ArchivePlan, at: number): Map<string, Buffer> {
  const run = plan.runs[at] as Run;
  const { tasks, offsetsCompression } = plan.options;
  const files = new Map<string, Buffer>();
  const sequenceFile = (name: string, keyClass: string, valueClass: string, keys: Buffer[]): void => {
    const sync = new Draws(seedOf(plan.options.seed, run.name, name)).bytes(16);
    const writer = new SequenceFileWriter({ keyClass, valueClass, compression: offsetsCompression, sync });
    for (const key of keys) writer.append(key, NOTHING);
    files.set(name, writer.take());
  };

  sequenceFile('requests.previous', ETL_REQUEST_CLASS, NULL_CLASS, requests(plan, run));
  sequenceFile('offsets-previous', ETL_KEY_CLASS, NULL_CLASS, previousKeys(plan, at).map(etlKeyBytes));
  const read = plan.topics.flatMap((_, topic) =>
    (run.pulled[topic] ?? []).map((range, partition) => ({ topic, partition, range })),
  );
  for (let task = 0; task < tasks; task++) {
    const number = String(task).padStart(5, '0');
    // A partition without new messages gets no key here: its offset is in offsets-previous only.
    const keys = read.filter(({ range }, place) => place % tasks === task && range.to > range.from);
    // What the task of a failed run has committed waits for the job's own commit.
    const prefix = run.failed ? `_temporary/0/task_local_0001_m_${number}/` : '';
    const bytes = keys.map(({ topic, partition, range }) => etlKeyBytes(pulledKey(plan, topic, partition, range)));
    sequenceFile(`${prefix}offsets-m-${number}`, ETL_KEY_CLASS, NULL_CLASS, bytes);
    sequenceFile(`${prefix}errors-m-${number}`, ETL_KEY_CLASS, EXCEPTION_CLASS, []);
  }
  if (!run.failed) files.set('_SUCCESS', Buffer.alloc(0));
  return files;
}

/** The key of the last record that a run read of a partition. */
function pulledKey(plan: ArchivePlan, topicIndex: number, partition: number, range: PulledRange): EtlKey {
  const topic = plan.topics[topicIndex];
  if (topic === undefined) throw new RangeError(`no topic ${topicIndex}`);
  const offset = (topic.startOffsets[partition] ?? 0n) + BigInt(range.to);
  const draws = new Draws(seedOf(topic.seed, partition, range.to));
  const map = { service: 'svc-feed', messageSize: 280 + draws.below(40), server: `app${draws.below(40)}.example.net` };
  const time = recordTime(plan.options, topic, partition, range.to - 1);
  return {
    topic: topic.topic,
    leaderId: '',
    partition,
    beginOffset: offset - 1n,
    offset,
    checksum: draws.word(),
    time,
    map,
  };
}

/** The keys that a run began with: of each partition the last one that was read, or where Camus found its beginning. */
function previousKeys(plan: ArchivePlan, at: number): EtlKey[] {
  const before = plan.runs.slice(0, at).filter(({ failed }) => !failed);
  return plan.topics.flatMap(({ topic, startOffsets }, topicIndex) =>
    startOffsets.map((offset, partition) => {
      const range = before
        .map(({ pulled }) => pulled[topicIndex]?.[partition])
        .findLast((pull) => pull && pull.to > pull.from);
      if (range !== undefined) return pulledKey(plan, topicIndex, partition, range);
      const leaderId = String(plan.runs[0]?.pulled[topicIndex]?.[partition]?.broker ?? 1);
      const time = plan.runs[0]?.at ?? 0;
      return { topic, leaderId, partition, beginOffset: 0n, offset, checksum: 0, time, map: undefined };
    }),
  );
}

/** Camus writes its requests before it has looked up where to go on: their offset is 0. */
function requests(plan: ArchivePlan, run: Run): Buffer[] {
  return plan.topics.flatMap(({ topic, startOffsets }, topicIndex) =>
    startOffsets.map((start, partition) => {
      const { to = 0, broker = 1 } = run.pulled[topicIndex]?.[partition] ?? {};
      const uri = `tcp://kafka${broker}.example.net:9092`;
      const latestOffset = start + BigInt(to);
      return etlRequestBytes({ topic, leaderId: String(broker), uri, partition, offset: 0n, latestOffset });
    }),
  );
}
