import type { ArchiveLayout, FileFacts } from '../../../layouts/archive-layout.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { OddNames } from './odd-names.ts';
import { OffsetCoverage } from './offset-coverage.ts';
import { Overlaps } from './overlaps.ts';

/** What names tell of one another where they have first and last offsets, and what is odd about them. */
export class NameChecks {
  readonly #layout: ArchiveLayout;
  readonly #overlaps = new Overlaps();
  readonly #odd: OddNames;
  readonly #coverage: OffsetCoverage;

  constructor(layout: ArchiveLayout, topic: string, pins: PinnedOffsets | undefined) {
    this.#layout = layout;
    this.#odd = new OddNames(layout, topic);
    this.#coverage = new OffsetCoverage(pins);
  }

  /** Why a file must not be read, or undefined where it may be. */
  refusal(path: string): string | undefined {
    return this.#odd.refusal(path);
  }

  take(partition: string, path: string, facts: FileFacts): void {
    this.#overlaps.add(partition, path, facts);
    this.#coverage.add(partition, facts);
  }

  /** A file that is left out, since it came after the pinned offsets. */
  leaveLater(partition: string, path: string, facts: FileFacts): void {
    this.#coverage.addLater(partition, path, facts);
  }

  /** The error about files whose records come twice, unless there are none or the job replays them all. */
  overlapping({ overlaps }: ReplayJob['archive']): JobError | undefined {
    const remarks = this.#overlaps.remarks();
    if (remarks.length === 0 || overlaps !== 'fail') return undefined;
    return new JobError(
      'duplicates',
      `Files have the same offsets in their names, so their records would come twice (${this.#layout.writer} leaves such where a task went on that no longer had the partition), or the topic was made anew, and they are different records: ${remarks.join('; ')}. Look which: remove those that are there twice; of a topic that was made anew remove none, and set archive.overlaps to "report", which replays them all.`,
      { remarks },
    );
  }

  remarks(): string[] {
    return [...this.#overlaps.remarks(), ...this.#odd.remarks(), ...this.#coverage.remarks()];
  }

  /** Why records are missing; undefined where no name says so. */
  incomplete(): string | undefined {
    return this.#coverage.incomplete();
  }
}
