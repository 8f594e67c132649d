import { loadFunctions, summaryOf } from '../../activities/replay/functions/functions-module.ts';
import { OWN_FILE } from '../../activities/step/staged-files.ts';
import { SortedSplit } from '../../activities/replay/decode/sorted-split.ts';
import { decodeIntoRuns } from '../../activities/replay/decode/split-runs.ts';
import { sampleFile } from '../../activities/replay/decode/sample-file.ts';
import type { SplitDecoder } from '../../activities/replay/decode/split-decoder.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { memoryOf } from '../../formats/sorted/sort/sorted-run.ts';
import { SortBuffer } from '../../formats/sorted/sort/sort-buffer.ts';

/** What the threads of a worker do, on a store in memory and in the test's own thread. */
export function inProcessDecoder(store: FileStore): SplitDecoder {
  return {
    decode: async (task, { progress }) => {
      const buffer = new SortBuffer({ capacity: 1024 * 1024 });
      const decoding = new SortedSplit(task, store, buffer, progress);
      const bytesSorted = await store.write(task.path, decoding.chunks(), OWN_FILE);
      return { ...decoding.counts(), bytesSorted };
    },
    runs: async (task, { progress, run, spared }) => {
      // Whoever still reads from them has nothing any more, as where they go to a thread.
      for (const memory of task.spare.flatMap(memoryOf)) new Uint8Array(memory).fill(0xff);
      const counts = await decodeIntoRuns(task, store, progress, run);
      spared(task.spare);
      return counts;
    },
    warmUp: () => undefined,
    rest: async () => undefined,
    sample: (task) => sampleFile(store, task),
    functions: async (path) => summaryOf(await loadFunctions(path)),
    close: async () => undefined,
  };
}
