import { planArchive } from './archive-plan.ts';
import { layOut } from './file-layout.ts';
import { GroundTruth } from './ground-truth.ts';
import type { ResolvedLaterRun, ResolvedOptions } from './archive-options.ts';
import type { ArchivePlan } from './archive-plan.ts';
import type { FileLayout } from './file-layout.ts';
import type { CommittedOffset } from './ground-truth.ts';

/** All that decides an archive: plain JSON, so that another process can have its ground truth. */
export interface ArchiveDescription {
  options: ResolvedOptions;
  laterRuns: ResolvedLaterRun[];
}

export interface Execution {
  /** yyyy-MM-dd-HH-mm-ss, UTC. */
  name: string;
  /** Its folder: in the history, or for a run that failed beside it. */
  path: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  failed: boolean;
}

/** An archive that has been written, or will be: what is in it, and what a replay must make of it. */
export class CamusArchive {
  readonly description: ArchiveDescription;
  readonly plan: ArchivePlan;
  /** Oldest first, pruned ones included. */
  readonly executions: readonly Execution[];
  private readonly layouts = new Map<string, FileLayout>();
  private readonly truths = new Map<string, GroundTruth>();

  constructor(description: ArchiveDescription) {
    this.description = description;
    this.plan = planArchive(description.options, description.laterRuns);
    const base = `${description.options.exec}/base`;
    this.executions = this.plan.runs.map(({ name, at, failed }) => ({
      name,
      path: failed ? `${base}/${name}` : `${base}/history/${name}`,
      at,
      failed,
    }));
  }

  /** The first topic's name. */
  get topic(): string {
    return this.plan.topics[0]?.topic ?? '';
  }

  /** The execution that a replay of the archive as it is now pins. */
  get newestExecution(): Execution {
    const newest = this.executions.findLast(({ failed }) => !failed);
    if (newest === undefined) throw new Error('an archive without a successful run');
    return newest;
  }

  /** What a replay of the archive as it is now must publish. */
  truth(topic: string = this.topic): GroundTruth {
    const known = this.truths.get(topic);
    if (known !== undefined) return known;
    const index = this.indexOf(topic);
    const plan = this.plan.topics[index];
    if (plan === undefined) throw new RangeError(`no topic ${topic}`);
    const truth = new GroundTruth(plan, this.layout(topic), this.offsets(topic), plan.startOffsets);
    this.truths.set(topic, truth);
    return truth;
  }

  /** The offsets to be committed: the largest of each partition in the newest execution. */
  offsets(topic: string = this.topic): CommittedOffset[] {
    const index = this.indexOf(topic);
    const newest = this.plan.runs.findLast(({ failed }) => !failed);
    return (newest?.pulled[index] ?? []).map(({ to }, partition) => ({
      partition,
      offset: (this.plan.topics[index]?.startOffsets[partition] ?? 0n) + BigInt(to),
    }));
  }

  /** Every data file, those beyond the pinned offsets included. */
  layout(topic: string = this.topic): FileLayout {
    const known = this.layouts.get(topic);
    if (known !== undefined) return known;
    const layout = layOut(this.plan, this.indexOf(topic));
    this.layouts.set(topic, layout);
    return layout;
  }

  private indexOf(topic: string): number {
    const index = this.plan.topics.findIndex((plan) => plan.topic === topic);
    if (index < 0)
      throw new RangeError(`no topic ${topic} in the archive of ${this.description.options.topics.join(', ')}`);
    return index;
  }
}
