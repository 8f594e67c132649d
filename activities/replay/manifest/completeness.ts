import type { FileStatus } from '../../../connections/hdfs/file-store.ts';
import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { GivenUpByRun, MissingRuns } from './missing-runs.ts';
import { SharedDays } from './shared-days.ts';

/** What is known only after the listing. */
export interface AfterListing {
  missing?: MissingRuns | undefined;
  /** Folders of the topic's data that are not read. */
  beside?: readonly string[];
  givenUp?: GivenUpByRun;
}

/** Gathers what speaks against an archive's being whole: what is missing, and what the history does not vouch for. */
export class Completeness {
  /** Files that were taken and whose names tell no offsets. */
  #unnamed = 0;
  #young = 0;
  #firstYoung: string | undefined;
  #open = 0;
  #firstOpen: string | undefined;
  readonly #days: SharedDays;
  readonly #pins: PinnedOffsets | undefined;

  constructor(layout: ArchiveLayout, pins: PinnedOffsets | undefined) {
    this.#days = new SharedDays(layout);
    this.#pins = pins;
  }

  take({ path, modifiedAt }: FileStatus, { named }: { named: boolean }): void {
    this.#days.take(path);
    if (named) return;
    this.#unnamed += 1;
    if (this.#pins?.endedAt === undefined || modifiedAt <= this.#pins.endedAt) return;
    this.#young += 1;
    this.#firstYoung ??= path;
  }

  takeOpen({ path }: FileStatus): void {
    this.#open += 1;
    this.#firstOpen ??= path;
  }

  remarks({ missing, beside = [], givenUp = new Map() }: AfterListing): string[] {
    return [
      ...(this.#open > 0
        ? [
            `${this.#firstOpen}${this.#open > 1 ? ` and ${this.#open - 1} more files` : ''}: still being written, and left out. If the writer is dead, "hdfs debug recoverLease -path" closes the file`,
          ]
        : []),
      ...(this.#young > 0
        ? [
            `${unnamedFiles(this.#young)}, modified after the pinned execution had ended (such as ${this.#firstYoung}): if somebody else has written there, records beyond the pinned offsets may be among them, which consumers then get twice`,
          ]
        : []),
      ...(missing?.remarks(this.#unnamed > 0 ? unnamedFiles(this.#unnamed) : undefined, givenUp) ?? []),
      ...this.#days.remarks(),
      ...(beside.length > 0
        ? [
            `there is data of the topic beside what is read: ${listed(beside)}; name it in archive.subDir or archive.input where it belongs to the replay`,
          ]
        : []),
    ];
  }

  /** Why the replay lacks records, or has some that the offsets don't cover; undefined where nothing says so. */
  incomplete({ missing, beside = [] }: AfterListing): string | undefined {
    const older = beside.length > 0 ? missing?.olderMissing : undefined;
    const reasons = [
      ...(this.#open > 0 ? [`${this.#open} files are still being written (such as ${this.#firstOpen})`] : []),
      ...(this.#young > 0
        ? [`there is more than the pinned execution has written: ${unnamedFiles(this.#young)}, modified later`]
        : []),
      ...(this.#unnamed === 0 && missing?.incomplete !== undefined ? [missing.incomplete] : []),
      ...(older === undefined ? [] : [`${older}, and ${listed(beside)} is not read`]),
    ];
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }
}

function unnamedFiles(count: number): string {
  return count === 1 ? '1 file whose name tells no offsets' : `${count} files whose names tell no offsets`;
}

function listed(paths: readonly string[]): string {
  return `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;
}
