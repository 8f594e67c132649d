import { mergeSections } from '../../formats/sorted/merge/merge-into-file.ts';
import { SortedFilePool } from '../../formats/sorted/merge/sorted-file-pool.ts';
import { SortedFileWriter } from '../../formats/sorted/file/sorted-file-writer.ts';
import type { Dependencies } from '../dependencies.ts';
import { planRound } from './publish/merge-groups.ts';
import { readCatalogue } from './publish/read-catalogue.ts';
import { openStaged } from './publish/replay-sequence.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { MergePassInput } from './steps.ts';

/** Ranges that a section holds while it is merged. */
const BYTES_PER_SECTION = 2 * 1024 * 1024;

/** Merges one group of overlapping sections into one sorted file; uses the one that another attempt finished. */
export function mergePass(deps: Dependencies) {
  return async ({ job, listing, level, pass }: MergePassInput, { signal, progress }: StepContext): Promise<void> => {
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const target = staging.sorted(mergedName(level, pass));
    if ((await store.status(target, signal)) !== undefined) return;
    const { fingerprint } = listing;
    const files = await readCatalogue(store, staging, level, fingerprint, signal);
    const sections = planRound(files, job.tuning.mergeFanIn).groups[pass] ?? [];
    const release = await deps.budget.take(sections.length * BYTES_PER_SECTION, signal);
    try {
      const pool = new SortedFilePool({ fingerprint, openSource: (path) => openStaged(store, path, signal) });
      const writer = new SortedFileWriter({
        fingerprint,
        firstSplit: Math.min(...sections.map(({ file }) => file.firstSplit)),
        lastSplit: Math.max(...sections.map(({ file }) => file.lastSplit)),
      });
      const inputs = sections.map((section) => pool.section(section.file, section));
      const chunks = mergeSections(inputs, writer, { maxOpen: job.tuning.mergeFanIn, signal });
      await staging.put(target, reported(chunks, progress), signal);
    } finally {
      release();
    }
  };
}

/** Name of the file that a pass leaves in staging. */
export function mergedName(level: number, pass: number): string {
  return `merged-${level}-${pass}`;
}

async function* reported(
  chunks: AsyncIterable<Uint8Array>,
  progress: StepContext['progress'],
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    progress({ mergedBytes: bytes });
  }
}
