import { MAX_FILES_PER_SPLIT } from './plan-splits.ts';
import { SplitTable } from './split-table.ts';

/** What a split holds. */
export interface SplitSize {
  bytes: number;
  files: number;
}

/** Splits that follow one another as fewer, of about `splitBytes`: for a job that was cut smaller than it turns out to need. */
export function joinSplits(table: SplitTable, sizes: readonly SplitSize[], splitBytes: number): SplitTable {
  const joined = new SplitTable();
  let open: { entry: ReturnType<SplitTable['at']>; size: SplitSize } | undefined;
  for (const [number, size] of sizes.entries()) {
    const entry = table.at(number);
    const isPart = entry.end > 0;
    if (open !== undefined && open.size.bytes + size.bytes <= splitBytes) {
      const { entry: before, size: taken } = open;
      const isNextPart = isPart && before.linesAt === entry.linesAt && before.end === entry.start;
      const isNextFile =
        !isPart &&
        before.end === 0 &&
        before.linesAt + before.linesLength === entry.linesAt &&
        taken.files + size.files <= MAX_FILES_PER_SPLIT;
      if (isNextPart || isNextFile) {
        if (isNextPart) before.end = entry.end;
        else {
          before.linesLength += entry.linesLength;
          taken.files += size.files;
        }
        taken.bytes += size.bytes;
        continue;
      }
    }
    if (open !== undefined) joined.add(open.entry);
    open = { entry, size: { ...size } };
  }
  if (open !== undefined) joined.add(open.entry);
  return joined;
}
