import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { ReplayJob } from '../../replay/job/replay-job.ts';
import { archiveTree } from '../../replay/manifest/archive-tree.ts';
import { givenUpByRun } from '../../replay/manifest/given-up-by-run.ts';
import { runKey, type MissingRuns } from '../../replay/manifest/missing-runs.ts';
import type { TargetPlan } from '../verify-plan.ts';

/** Offsets of a partition that a run archived, as the history says, and that no file has. */
export interface Hole {
  partition: number;
  from: bigint;
  to: bigint;
  execution: string | undefined;
}

/** Of what a run has said that it gave it up itself, the plan's notes tell. */
export async function holesOf(
  store: FileStore,
  replay: ReplayJob,
  pins: PinnedOffsets | undefined,
  missing: MissingRuns | undefined,
  signal: AbortSignal,
): Promise<Hole[]> {
  if (missing === undefined) return [];
  const givenUp = await givenUpByRun(archiveTree(store), replay, pins, missing, signal);
  return missing.empty
    .filter((run) => !givenUp.has(runKey(run)))
    .map((run) => ({
      partition: Number(run.partition),
      from: run.from,
      to: run.to,
      execution: missing.executionOf(run),
    }));
}

/** Those that lie below what there is to compare with: whatever lies above, records themselves tell. */
export function lostTo(holes: readonly Hole[], earliest: ReadonlyMap<number, bigint>): TargetPlan['lost'] {
  return holes.flatMap(({ partition, from, to, execution }) => {
    const first = earliest.get(partition);
    const end = first === undefined || to < first ? to : first;
    if (end <= from) return [];
    const run = execution === undefined ? '' : `, which the execution ${execution} has passed`;
    return [
      {
        partition,
        from: String(from),
        to: String(end),
        message: `partition ${partition}: no file has the offsets ${from} to ${end - 1n}${run}, and no topic has them any more: a file is gone, unless they were nothing but aborted records`,
      },
    ];
  });
}
