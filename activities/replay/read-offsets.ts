import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { PinnedOffsets } from '../../layouts/pinned-offsets.ts';
import type { Dependencies } from '../dependencies.ts';
import { assertGroupsFree } from './groups/assert-groups-free.ts';
import { pinGroups } from './groups/pin-groups.ts';
import { JobError } from '../step/job-error.ts';
import type { ReplayJob } from './job/replay-job.ts';
import { newestOffsets } from './offsets/archive-history.ts';
import { assertGroupFree, assertGroupFreeForAny } from './offsets/assert-group-free.ts';
import { isWithheld } from './offsets/is-withheld.ts';
import { compareWithLive } from './offsets/live-range.ts';
import { boundedRemarks } from '../step/bounded-remarks.ts';
import type { StepContext } from '../step/run-step.ts';
import { parseStaged } from '../step/staged-json.ts';
import { Staging } from './staging.ts';
import { pinsShape } from './stored-shapes.ts';
import type { PinnedOffsetsSummary, StepInput } from './steps.ts';

/**
 * Pins the offsets from which consumers will go on, before any file is listed: whatever is archived from now on is
 * beyond them, and stays out of the replay. They are written to staging once; every later attempt uses those.
 */
export function readOffsets(deps: Dependencies) {
  return async ({ job }: StepInput, { signal }: StepContext): Promise<PinnedOffsetsSummary> => {
    if (job.groups !== undefined) await assertGroupsFree(deps, job, await pinGroups(deps, job, signal));
    const { group } = job.offsets;
    if (job.history === undefined) {
      await assertGroupFreeForAny(deps, job);
      return { execution: undefined, partitions: 0, remarks: [] };
    }
    const store = deps.hdfs(job.connections.hdfs);
    const staging = new Staging(store, job.staging);
    const present = await staging.readSmall(staging.offsets, signal);
    const bytes =
      present ??
      (await staging.putSmall(
        staging.offsets,
        Buffer.from(JSON.stringify(await newestOffsets(store, job, job.history, signal))),
        signal,
      ));
    const pins = parseStaged(staging.offsets, pinsShape, bytes);
    // Now as well as before the commit: a gap or a group in the way is better known before hours of work.
    if (group !== undefined && !isWithheld(job)) {
      await compareWithLive(deps.kafka(job.connections.kafka), job, pins);
      await assertGroupFree(deps, job, group, pins);
    }
    const remarks = boundedRemarks(pins.remarks, staging.offsets);
    return { execution: pins.execution, partitions: Object.keys(pins.next).length, remarks };
  };
}

/** The pinned offsets of a job, or undefined for one without a history. */
export async function readPins(
  store: FileStore,
  job: ReplayJob,
  signal?: AbortSignal,
): Promise<PinnedOffsets | undefined> {
  if (job.history === undefined) return undefined;
  const staging = new Staging(store, job.staging);
  const bytes = await staging.readSmall(staging.offsets, signal);
  if (bytes === undefined)
    throw new JobError(
      'staging-lost',
      `The pinned offsets ${staging.offsets} are gone while the job runs. Start the job again.`,
    );
  return parseStaged(staging.offsets, pinsShape, bytes);
}
