import { mergeSections } from '../../formats/sorted/merge/merge-into-file.ts';
import { SortedFilePool } from '../../formats/sorted/merge/sorted-file-pool.ts';
import { SortedFileWriter } from '../../formats/sorted/file/sorted-file-writer.ts';
import type { Dependencies } from '../dependencies.ts';
import { unusable } from '../step/staged-json.ts';
import { assertMerged } from './merge/check-merged.ts';
import { describeSorted } from './merge/describe-sorted.ts';
import { mergeRound } from './merge/merge-round.ts';
import { mergedName } from './merge/merged-name.ts';
import { openStaged } from './publish/replay-sequence.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { MergePassInput } from './steps.ts';

/** Ranges that a section holds while it is merged. */
const BYTES_PER_SECTION = 2 * 1024 * 1024;

/**
 * Merges one group of overlapping sections into one sorted file; uses the one that another attempt finished. Either is
 * checked against the plan in staging.
 */
export function mergePass(deps: Dependencies) {
  return async (input: MergePassInput, { signal, progress }: StepContext): Promise<void> => {
    const { job, listing, level, pass } = input;
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging, input.window?.number);
    const target = staging.sorted(mergedName(level, pass));
    const { fingerprint } = listing;
    const { groups, maxOpen } = await mergeRound(store, staging, input, signal);
    const sections = groups[pass];
    if (sections === undefined)
      throw unusable(staging.mergePlan(level), `a pass ${pass}, which the job was told of`, `${groups.length} passes`);
    const checkPresent = async (): Promise<void> =>
      assertMerged(target, sections, await describeSorted(store, target, fingerprint, signal));
    if ((await store.status(target, signal)) !== undefined) return checkPresent();
    const release = await deps.budget.take(sections.length * BYTES_PER_SECTION, signal);
    try {
      const pool = new SortedFilePool({ fingerprint, openSource: (path) => openStaged(store, path, signal) });
      const writer = new SortedFileWriter({
        fingerprint,
        firstSplit: Math.min(...sections.map(({ file }) => file.firstSplit)),
        lastSplit: Math.max(...sections.map(({ file }) => file.lastSplit)),
      });
      const inputs = sections.map((section) => pool.section(section.file, section));
      const chunks = mergeSections(inputs, writer, { maxOpen, signal });
      const check = (): void => assertMerged(target, sections, writer.summary);
      const won = await staging.put(target, checked(chunks, check, progress), signal);
      if (!won) await checkPresent();
    } finally {
      release();
    }
  };
}

/** What is merged, with a look at the whole before it is put in place. */
async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  check: () => void,
  progress: StepContext['progress'],
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    progress({ mergedBytes: bytes });
  }
  check();
}
