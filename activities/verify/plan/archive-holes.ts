import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { PinnedOffsets } from '../../../layouts/pinned-offsets.ts';
import type { ReplayJob } from '../../replay/job/replay-job.ts';
import { archiveTree } from '../../replay/manifest/archive-tree.ts';
import { givenUpByRun } from '../../replay/manifest/given-up-by-run.ts';
import { runKey, type MissingRun, type MissingRuns } from '../../replay/manifest/missing-runs.ts';
import type { RunOfPartition } from '../../replay/manifest/run-records.ts';
import type { TargetPlan } from '../verify-plan.ts';

/** What the history says was archived, beside the names of the files that are there. */
export interface ArchivedRuns {
  store: FileStore;
  replay: ReplayJob;
  pins: PinnedOffsets | undefined;
  /** Undefined where names tell no offsets, or there is no history. */
  missing: MissingRuns | undefined;
}

/** Runs that are asked about and told one by one. */
const MOST_TOLD = 100;
/** Runs that are looked at: their executions are opened, to see what they gave up themselves. */
const MOST_LOOKED_AT = 10_000;

/**
 * Offsets that runs archived, as the history says, that no file has, and that lie below what there is to compare with:
 * whatever lies above, records themselves tell. Of what a run has said that it gave it up itself, the plan's notes tell.
 * Where an execution says how many records it archived, fewer are a loss, and none are none.
 *
 * @param earliest - first offset that the topic still has, by partition; of one that isn't there nothing is left
 */
export async function lostRuns(
  { store, replay, pins, missing }: ArchivedRuns,
  earliest: ReadonlyMap<number, bigint>,
  signal: AbortSignal,
): Promise<TargetPlan['lost']> {
  if (missing === undefined) return [];
  const gone: MissingRun[] = [];
  let unlooked = 0;
  for (const run of missing.gone()) {
    if (endOf(run, earliest) <= run.from) continue;
    if (gone.length < MOST_LOOKED_AT) gone.push(run);
    else unlooked += 1;
  }
  const unexplained = gone.filter(({ archived }) => archived === undefined);
  const givenUp = await givenUpByRun(archiveTree(store), replay, pins, missing, signal, unexplained);
  const lost = gone.filter((run) => !givenUp.has(runKey(run)));
  const told = lost.slice(0, MOST_TOLD).map((run) => lostRun(run, endOf(run, earliest), missing.executionOf(run)));
  const more = lost.length - told.length + unlooked;
  const next = lost[told.length] ?? lost.at(-1) ?? gone.at(-1);
  if (more > 0 && next !== undefined)
    told.push({
      ...lostRun(next, endOf(next, earliest), undefined),
      message: `files lack offsets of ${more} more runs of partitions, and no topic has them any more`,
    });
  return told;
}

function endOf({ partition, to }: RunOfPartition, earliest: ReadonlyMap<number, bigint>): bigint {
  const first = earliest.get(Number(partition));
  return first === undefined || to < first ? to : first;
}

function lostRun(
  { partition, from, archived, files, records }: MissingRun,
  end: bigint,
  execution: string | undefined,
): TargetPlan['lost'][number] {
  const run = execution === undefined ? '' : `, which the execution ${execution} has passed`;
  const offsets = `the offsets ${from} to ${end - 1n}${run}`;
  return {
    partition: Number(partition),
    from: String(from),
    to: String(end),
    message:
      archived === undefined
        ? `partition ${partition}: no file has ${offsets}, and no topic has them any more: a file is gone, unless they were nothing but aborted records`
        : `partition ${partition}: ${files === 0 ? 'no file has' : `files have ${records} records of`} ${offsets}, and no topic has them any more: it says that it archived ${archived} records, so a file is gone`,
  };
}
