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

  remarks({ missing, beside = [], givenUp = new Map() }: AfterListing): string[] {
    const unnamed = `${files(this.#unnamed)} tell no offsets`;
    return [
      ...(this.#young > 0
        ? [
            `${files(this.#young)} tell no offsets, and were modified after the pinned execution had ended (such as ${this.#firstYoung}): if somebody else has written them, they may hold records beyond the pinned offsets, which consumers then get twice`,
          ]
        : []),
      ...(missing?.remarks(this.#unnamed > 0 ? unnamed.replace(' tell', ', which tell') : undefined, givenUp) ?? []),
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
      ...(this.#young > 0 ? [`${files(this.#young)} tell no offsets and are younger than the pinned execution`] : []),
      ...(this.#unnamed === 0 && missing?.incomplete !== undefined ? [missing.incomplete] : []),
      ...(older === undefined ? [] : [`${older}, and ${listed(beside)} is not read`]),
    ];
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }
}

function files(count: number): string {
  return count === 1 ? '1 file whose name' : `${count} files whose names`;
}

function listed(paths: readonly string[]): string {
  return `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;
}
