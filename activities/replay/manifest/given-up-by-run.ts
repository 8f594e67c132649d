import type { GivenUp } from '../../../layouts/archive-layout.ts';
import type { ArchiveTree } from '../../../layouts/archive-tree.ts';
import { layoutOf } from '../../../layouts/layout-of.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { runKey, type GivenUpByRun, type MissingRuns } from './missing-runs.ts';
import type { RunOfPartition } from './run-records.ts';

/**
 * What the history says of records that runs are short of.
 *
 * @param runs - those that are asked about. @default the few that are named one by one
 */
export async function givenUpByRun(
  tree: ArchiveTree,
  { archive, topic, offsets }: ReplayJob,
  pins: PinnedOffsets | undefined,
  missing: MissingRuns | undefined,
  signal: AbortSignal,
  runs: readonly RunOfPartition[] = missing?.unexplained ?? [],
): Promise<GivenUpByRun> {
  const found = new Map<string, GivenUp>();
  const { history } = layoutOf(archive.layout);
  if (history === undefined || pins === undefined || missing === undefined) return found;
  const folder = pins.execution.slice(0, pins.execution.lastIndexOf('/'));
  for (const [name, its] of byExecution(missing, runs)) {
    const ranges = new Map(its.map((run) => [run.partition, run]));
    const execution = `${folder}/${name}`;
    const givenUp = await history.givenUp(tree, { execution, topic, partitions: offsets.layout, ranges }, signal);
    for (const run of its) {
      const records = givenUp.get(run.partition);
      if (records !== undefined) found.set(runKey(run), records);
    }
  }
  return found;
}

function byExecution(missing: MissingRuns, runs: readonly RunOfPartition[]): Map<string, RunOfPartition[]> {
  const found = new Map<string, RunOfPartition[]>();
  for (const run of runs) {
    const execution = missing.executionOf(run);
    if (execution === undefined) continue;
    const known = found.get(execution);
    if (known === undefined) found.set(execution, [run]);
    else known.push(run);
  }
  return found;
}
