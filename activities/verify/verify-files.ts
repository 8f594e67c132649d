import { StagedFiles } from '../step/staged-files.ts';
import type { Target } from './job/verify-input.ts';
import { STORED_VERIFY, type VerifyJob } from './job/verify-job.ts';

/** The folder of a job of `verify` on HDFS: what is in it, and under which names. */
export class VerifyFiles extends StagedFiles<VerifyJob> {
  protected override readonly folders = ['tallies'];
  protected override readonly format = STORED_VERIFY;

  /** The files of the archive as an attempt has listed them, in splits; the plan names the one that counts. */
  manifest(name: string): string {
    return `${this.folder}/manifest-${name}`;
  }
  /** Topics, offsets and schemas, pinned. */
  get plan(): string {
    return `${this.folder}/plan.json`;
  }
  /** What was counted in a range of a topic. */
  topicTally(target: Target, range: number): string {
    return `${this.folder}/tallies/topic-${target}-${range}.json`;
  }
  /** From which offset on a topic is compared: what was still there when it was read. */
  bounds(target: Target): string {
    return `${this.folder}/bounds-${target}.json`;
  }
  /** What was counted in a split of the archive, read as the target has it. */
  archiveTally(target: Target, split: number): string {
    return `${this.folder}/tallies/archive-${target}-${split}.json`;
  }
  /** What differs, bucket by bucket. */
  differences(target: Target): string {
    return `${this.folder}/differences-${target}.json`;
  }
  /** The report as its first attempt made it: what is put beside the job is a copy. */
  get report(): string {
    return `${this.folder}/report.json`;
  }
  /** What differs in one of them, record by record. */
  narrowed(target: Target, number: number): string {
    return `${this.folder}/tallies/narrowed-${target}-${number}.json`;
  }
}
