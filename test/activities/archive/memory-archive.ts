import { decideArchive } from '../../../activities/archive/decide-archive.ts';
import { discardArchive } from '../../../activities/archive/discard-archive.ts';
import { readStoredOffsets } from '../../../activities/archive/history/stored-offsets.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { placeArchive } from '../../../activities/archive/place-archive.ts';
import { recoverArchive } from '../../../activities/archive/recover-archive.ts';
import type { DecidedRun, PlacedRun, RecoveredRuns, TidiedArchive } from '../../../activities/archive/steps.ts';
import { tidyArchive } from '../../../activities/archive/tidy-archive.ts';
import type { Dependencies } from '../../../activities/dependencies.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { stepContext } from '../../support/step-context.ts';
import { DEST, filesBelow, HISTORY, jobOf, leavePulled, type PulledRanges } from './pulled-run.ts';

const context = stepContext();

/** An archive in memory, and what its runs do once their pulls are done. */
export class MemoryArchive {
  readonly store = new MemoryFileStore();
  readonly #deps = { hdfs: () => this.store } as unknown as Dependencies;

  leavePulled(
    id: string,
    predecessor: string | undefined,
    execution: string,
    ranges: PulledRanges,
    attempt?: string,
    plan?: string,
  ): Promise<ArchiveJob> {
    return leavePulled(this.store, id, predecessor, execution, ranges, attempt, plan);
  }

  /** `begun`: pulls that have ended; a run of an older release tells none. */
  decide(job: ArchiveJob, begun = 0): Promise<DecidedRun> {
    return decideArchive(this.#deps)({ job, begun }, context);
  }

  place(job: ArchiveJob): Promise<PlacedRun> {
    return placeArchive(this.#deps)({ job }, context);
  }

  tidy(job: ArchiveJob): Promise<TidiedArchive> {
    return tidyArchive(this.#deps)({ job }, context);
  }

  /** `mayDecide`: whether an attempt of the run may sleep. */
  discard(job: ArchiveJob, mayDecide = true): Promise<void> {
    return discardArchive(this.#deps)({ job, mayDecide }, context);
  }

  /** What the run with this id does first, while those of these ids run. */
  recover(id: string, running: string[] = [], job = jobOf(id)): Promise<RecoveredRuns> {
    const isRunning = async ({ workflowId, runId }: { workflowId: string; runId: string }): Promise<boolean> =>
      running.includes(`${workflowId}/${runId}`);
    const temporal = { ...context.temporal, isRunning };
    return recoverArchive(this.#deps)({ job }, { ...context, temporal });
  }

  /** Paths of all files below a folder. */
  below(folder: string): Promise<string[]> {
    return filesBelow(this.store, folder);
  }

  data(): Promise<string[]> {
    return this.below(`${DEST}/t`);
  }

  /** Where the run behind this execution goes on; undefined where that doesn't know the topic. */
  async nextOf(execution: string): Promise<bigint | undefined> {
    return (await readStoredOffsets(this.store, `${HISTORY}/${execution}`, context.signal)).get('t-0')?.next;
  }
}
