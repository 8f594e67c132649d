import { loadFunctions, summaryOf } from '../../activities/replay/functions/functions-module.ts';
import { OWN_FILE } from '../../activities/step/staged-files.ts';
import { SortedSplit } from '../../activities/replay/decode/sorted-split.ts';
import { decodeIntoRuns } from '../../activities/replay/decode/split-runs.ts';
import { sampleFile } from '../../activities/replay/decode/sample-file.ts';
import type { SplitDecoder } from '../../activities/replay/decode/split-decoder.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { memoryOf, type SortedRun } from '../../formats/sorted/sort/sorted-run.ts';
import { SortBuffer } from '../../formats/sorted/sort/sort-buffer.ts';

/** Whoever still reads from a run has nothing any more when it goes to a thread. */
function taken(run: SortedRun): SortedRun {
  return structuredClone(run, { transfer: memoryOf(run) });
}

/** What the threads of a worker do, on a store in memory and in the test's own thread. */
export function inProcessDecoder(store: FileStore): SplitDecoder {
  return {
    decode: async (task, { progress }) => {
      const buffer = new SortBuffer({ capacity: 1024 * 1024 });
      const decoding = new SortedSplit(task, store, buffer, progress);
      const bytesSorted = await store.write(task.path, decoding.chunks(), OWN_FILE);
      return { ...decoding.counts(), bytesSorted };
    },
    runs: async (task, { progress, run, more, spared }) => {
      const spare = task.spare.map(taken);
      const handOn = (given: SortedRun, isLast: boolean): void => {
        run(given);
        const another = isLast ? undefined : more();
        if (another !== undefined) spare.push(taken(another));
      };
      const counts = await decodeIntoRuns({ ...task, spare }, store, progress, handOn);
      spared(spare);
      return counts;
    },
    warmUp: () => undefined,
    rest: async () => undefined,
    sample: (task) => sampleFile(store, task),
    functions: async (path) => summaryOf(await loadFunctions(path)),
    close: async () => undefined,
  };
}
