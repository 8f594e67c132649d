import type { EntryOrigin } from '../../../formats/sorted/file/sorted-entry.ts';
import type { SectionSummary, SourceFile } from '../../../formats/sorted/file/sorted-section.ts';
import type { MergeSection } from '../../../formats/sorted/merge/mergeable-section.ts';
import { RunCursor } from '../../../formats/sorted/merge/run-cursor.ts';
import { summaryOf, type SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RunsCounts } from '../decode/split-decoder.ts';
import type { Window } from './window-planner.ts';

/** A window whose records are in memory, sorted split by split. */
export interface DecodedWindowRecords {
  window: Window;
  /** Records of runs that are not there any more, since all of them are out. */
  out: number;
  /** In the order of the splits. */
  splits: RunsCounts[];
  runs: {
    run: SortedRun;
    section: Pick<SectionSummary, 'first' | 'last' | 'records'> | undefined;
    origin: EntryOrigin;
  }[];
}

/** `runs[N]` are those of the Nth split of the window; `out`: records of others, which are out. */
export function decodedWindow(
  window: Window,
  splits: RunsCounts[],
  runs: readonly (readonly SortedRun[])[],
  out = 0,
): DecodedWindowRecords {
  return {
    window,
    out,
    splits,
    runs: splits.flatMap(({ files }, index) => {
      const origin = originOf(files);
      return runs[index]!.map((run) => ({ run, section: summaryOf(run), origin }));
    }),
  };
}

/** The window's runs, to be merged. */
export function sectionsOfWindow({ window, runs }: DecodedWindowRecords): MergeSection[] {
  return runs.flatMap(({ run, section, origin }) =>
    section === undefined
      ? []
      : [
          {
            ...section,
            name: `window ${window.number + 1}, split ${run.split}`,
            open: async () => new RunCursor(run, origin),
          },
        ],
  );
}

function originOf(files: SourceFile[]): EntryOrigin {
  return {
    files: {
      length: files.length,
      file: (number) => files[number]!,
      sourcePartitions: files.map(({ sourcePartition }) => sourcePartition),
    },
  };
}
