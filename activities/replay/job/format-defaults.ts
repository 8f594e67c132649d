import type { ParsedReplayInput } from './job-input.ts';
import { tellsOffsets } from './own-offsets.ts';
import type { ReplayJob } from './replay-job.ts';

/** What an input leaves open and the format of the files decides: records that tell their offsets keep their places. */
export function settingsOfFormat({
  archive,
  order,
  output,
  groups,
}: Pick<ParsedReplayInput, 'archive' | 'order' | 'output' | 'groups'>): Pick<ReplayJob, 'order' | 'output'> {
  const own = tellsOffsets({ archive });
  return {
    order: order ?? (own ? 'offset' : 'time'),
    output: {
      ...output,
      partitions: output.partitions ?? (own ? 'source' : 'one'),
      headers: {
        ...output.headers,
        file: output.headers.file ?? false,
        // What old offsets are translated by.
        ...(groups !== undefined && { offset: true }),
      },
    },
  };
}
