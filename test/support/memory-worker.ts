import type { Dependencies } from '../../activities/dependencies.ts';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import type { ReplayJob, Tuning } from '../../activities/replay/job/replay-job.ts';
import { catalogueSorted } from '../../activities/replay/catalogue-sorted.ts';
import { decodeSplit } from '../../activities/replay/decode-split.ts';
import { listFiles } from '../../activities/replay/list-files.ts';
import { mergePass } from '../../activities/replay/merge-pass.ts';
import { openReplaySequence } from '../../activities/replay/publish/replay-sequence.ts';
import { positionZero } from '../../activities/replay/publish/publish-position.ts';
import type { CatalogueInput, CatalogueSummary, FileListing, SkippedByFault } from '../../activities/replay/steps.ts';
import { validateJob } from '../../activities/replay/validate-job.ts';
import { MemoryBudget } from '../../activities/step/memory-budget.ts';
import type { StepContext } from '../../activities/step/run-step.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { NewTopic } from '../../connections/kafka/admin/admin-port.ts';
import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import { inProcessDecoder } from './in-process-decoder.ts';
import { stepContext } from './step-context.ts';

const MIB = 1024 * 1024;

export const TUNING: Tuning = {
  heartbeatTimeoutMs: 20_000,
  decodeConcurrency: 8,
  sliceMs: 300_000,
  splitBytes: 48 * MIB,
  mergeFanIn: 64,
};

/** What the catalogue step is told of the splits. */
export type Decoded = CatalogueInput['decoded'];

/**
 * The steps of one worker up to publishing, on an HDFS in memory and with a Kafka that has no topic yet: for what a
 * worker with another configuration, or of another release, makes of what one before it has left.
 */
export class MemoryWorker {
  readonly store: FileStore;
  readonly deps: Dependencies;
  readonly context: StepContext;

  constructor(store: FileStore, tuning: Partial<Tuning> = {}, context: Partial<StepContext> = {}) {
    this.store = store;
    this.context = stepContext(context);
    this.deps = {
      hdfs: () => store,
      kafka: () => NO_TOPICS,
      zookeeper: () => Promise.reject(new TypeError('there is no ZooKeeper here')),
      describeZooKeeper: () => 'none',
      reachTimeoutMs: 1_000,
      budget: new MemoryBudget(512 * MIB),
      decoder: inProcessDecoder(store),
      registry: () => {
        throw new TypeError('there is no registry here');
      },
      ranger: {
        range: () => Promise.reject(new TypeError('no range is run here')),
        finish: () => Promise.reject(new TypeError('nothing is finished here')),
        close: async () => undefined,
      },
      tallier: { tally: () => Promise.reject(new TypeError('nothing is counted here')), close: async () => undefined },
      puller: { pull: () => Promise.reject(new TypeError('nothing is pulled here')), close: async () => undefined },
      functions: async () => undefined,
      tuning: { ...TUNING, ...tuning },
    };
  }

  /** `id`: the job of the workflow that asks, which is another than the one that it takes up. */
  validate(input: ReplayInput, id: string, scheduledAt = Date.UTC(2026, 10, 28)): Promise<ReplayJob> {
    return validateJob(this.deps)({ input, id, scheduledAt, startedAt: scheduledAt }, this.context);
  }

  list(job: ReplayJob): Promise<FileListing> {
    return listFiles(this.deps)({ job }, this.context);
  }

  async decode(job: ReplayJob, listing: FileListing): Promise<Decoded> {
    const decoded: Decoded = { read: 0, kept: 0, skipped: 0, skippedBy: {}, timeUnits: [] };
    for (let split = 0; split < listing.splits; split += 1) {
      const { read, kept, skipped, skippedBy } = await decodeSplit(this.deps)({ job, listing, split }, this.context);
      decoded.read += read;
      decoded.kept += kept;
      decoded.skipped += skipped;
      for (const [fault, records] of Object.entries(skippedBy) as [keyof SkippedByFault, number][])
        decoded.skippedBy[fault] = (decoded.skippedBy[fault] ?? 0) + records;
    }
    return decoded;
  }

  catalogue(job: ReplayJob, listing: FileListing, decoded: Decoded, level: number): Promise<CatalogueSummary> {
    const claim = { topic: 'events_REPLAY', partitions: 1, created: true, maxMessageBytes: MIB };
    return catalogueSorted(this.deps)({ job, listing, claim, decoded, level }, this.context);
  }

  merge(job: ReplayJob, listing: FileListing, level: number, pass: number): Promise<void> {
    return mergePass(this.deps)({ job, listing, level, pass }, this.context);
  }

  /** As the workflow does it: catalogues and merges until all fits into one merge. */
  async mergeUntilItFits(
    job: ReplayJob,
    listing: FileListing,
    decoded: Decoded,
  ): Promise<{ level: number; summary: CatalogueSummary }> {
    for (let level = 0; ; level += 1) {
      const summary = await this.catalogue(job, listing, decoded, level);
      if (summary.passes === 0) return { level, summary };
      for (let pass = 0; pass < summary.passes; pass += 1) await this.merge(job, listing, level, pass);
    }
  }

  /** The values of the sequence, as publishing would read it. */
  async sequence(
    job: ReplayJob,
    { fingerprint }: FileListing,
    { level, summary }: { level: number; summary: CatalogueSummary },
  ): Promise<string[]> {
    const { overlap, records, repeats } = summary;
    const sequence = await openReplaySequence(
      this.store,
      { job, fingerprint, level, overlap, records, repeats },
      positionZero(job.id, fingerprint, 1),
      this.context.signal,
    );
    const values: string[] = [];
    for (;;) {
      while (sequence.next()) {
        const { bytes, bodyStart, bodyEnd } = sequence.record;
        values.push(/\{"[^{]*\}/.exec(Buffer.from(bytes.subarray(bodyStart, bodyEnd)).toString('latin1'))?.[0] ?? '');
      }
      if (sequence.atEnd) return values;
      await sequence.fill();
    }
  }
}

const NO_TOPICS = {
  describe: () => 'none',
  describeTopic: async () => undefined,
  previewTopic: async (_: string, { settings }: NewTopic) => ({ replicas: 1, settings }),
  describeGroup: async (group: string) => ({ group, members: 0, offsets: [] }),
} as Partial<KafkaConnection> as KafkaConnection;
