import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { SourceFile } from '../../../formats/sorted/file/sorted-section.ts';
import { SortBuffer, type SpareMemory } from '../../../formats/sorted/sort/sort-buffer.ts';
import type { SortedRun } from '../../../formats/sorted/sort/sorted-run.ts';
import type { RecordFunctions } from '../functions/record-functions.ts';
import { windowTooLarge } from '../windows/window-too-large.ts';
import type { DecodeProgress, RunsCounts, RunsTask } from './split-decoder.ts';
import { RecordsChecksum } from './records-checksum.ts';
import { SplitRecords } from './split-records.ts';

/** What a thread says while it decodes a split into runs; `end`: that was the last run. */
export type RunsMessage =
  { run: SortedRun; isLast: boolean } | { progress: Parameters<DecodeProgress>[0] } | { end: true; spare: SortedRun[] };

/**
 * Decodes a split into sorted runs that stay in memory: each is handed on when the sort buffer is full, with its memory.
 *
 * @throws JobError 'window-too-large' for records that take more than the task allows
 */
export async function decodeIntoRuns(
  task: Omit<RunsTask, 'spare'> & { spare: SpareMemory },
  store: FileStore,
  progress: DecodeProgress,
  handOn: (run: SortedRun, isLast: boolean) => void,
  functions?: RecordFunctions,
): Promise<RunsCounts> {
  const buffer = new SortBuffer({ capacity: task.bufferBytes, spare: task.spare, beside: 0 });
  const records = new SplitRecords(task, store, buffer, progress, functions);
  const files: SourceFile[] = [];
  const partitionRecords: number[] = [];
  const checksum = new RecordsChecksum();
  let [bytesSorted, largestBody] = [0, 0];
  const give = (isLast: boolean): void => {
    if (buffer.count === 0) return;
    const run = buffer.take(task.number);
    bytesSorted += run.bytes;
    if (bytesSorted > task.mostBytes) throw windowTooLarge(task.window?.number ?? 0, task.mostBytes);
    largestBody = Math.max(largestBody, run.largestBody);
    checksum.add(run);
    for (let index = 0; index < run.count; index += 1) {
      const partition = run.partition[index]!;
      while (partitionRecords.length <= partition) partitionRecords.push(0);
      partitionRecords[partition]! += 1;
    }
    handOn(run, isLast);
  };
  for await (const _full of records.full((file) => files.push(file) - 1)) give(false);
  give(true);
  return { ...records.counts(), bytesSorted, files, partitionRecords, largestBody, checksum: checksum.value };
}
