import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { layoutOf } from '../../layouts/layout-of.ts';
import type { ManifestFile, Split } from '../replay/manifest/manifest.ts';
import type { StepContext } from '../step/run-step.ts';
import { eachArchived, type Unreadable } from './content/archived-records.ts';
import { decodingJob } from './content/comparison.ts';
import type { SeenRecord } from './content/seen-record.ts';
import type { VerifyJob } from './job/verify-job.ts';
import { OffsetsLeft } from './tally/offsets-left.ts';
import { VerifyFiles } from './verify-files.ts';
import { tellsCompacted, type TargetPlan } from './verify-plan.ts';

/** Windows of the input, a block of it decompressed, decoded records, and cells. */
export const READING_BYTES = 64 * 1024 * 1024;

/** What is told of a split beside the records that are compared. */
export interface ArchiveTaking {
  take: (record: SeenRecord) => void;
  /** A record of which the topic has nothing more, so many times. */
  uncompared: (records: number) => void;
  /** One that a compacted topic has no more. */
  compacted: () => void;
}

/** Shows the records of a split that are compared: those from the bounds on, where anything tells their offsets. */
export function readArchived(
  store: FileStore,
  job: VerifyJob,
  plan: TargetPlan,
  bounds: ReadonlyMap<number, bigint>,
  split: Split,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
  { take, uncompared, compacted }: ArchiveTaking,
): Promise<Unreadable[]> {
  const { target, comparison, schema, own } = plan;
  const bounded = target === 'source';
  const left = tellsCompacted(plan) ? new OffsetsLeft(new VerifyFiles(store, job.staging), plan, signal) : undefined;
  const below = (file: ManifestFile): boolean => {
    const facts = layoutOf(job.replay.archive.layout).facts(file.path, job.topic);
    const from = facts === undefined ? undefined : bounds.get(facts.partition);
    return facts?.nextOffset !== undefined && from !== undefined && facts.nextOffset <= from;
  };
  return eachArchived(
    store,
    split,
    {
      decoding: decodingJob(job, target),
      published: target === 'replay' ? job.replay.output : undefined,
      content: comparison.content,
      own: own && target === 'source' && comparison.content !== 'none',
      schema,
      wants: (file) => {
        if (!bounded || !below(file)) return true;
        // Of a file that was cut each part comes by.
        if ((split.range?.start ?? 0) === 0) uncompared(file.count ?? 0);
        return false;
      },
      prepare: left && ((places) => left.load(places)),
      signal,
      progress,
    },
    (record) => {
      const from = bounded && own ? bounds.get(record.partition) : undefined;
      const { partition, offset } = record;
      if (from !== undefined && offset !== undefined && offset < from) uncompared(1);
      else if (left !== undefined && offset !== undefined && !left.has({ partition, offset })) compacted();
      else take(record);
    },
  );
}
