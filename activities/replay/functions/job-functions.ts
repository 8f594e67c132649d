import { ConnectionError } from '../../../connections/connection-error.ts';
import type { Dependencies } from '../../dependencies.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { loadFunctions, type LoadedFunctions } from './functions-module.ts';
import { namesFunctions, RecordFunctions } from './record-functions.ts';

/**
 * Hash of the module whose functions a job names, all of which are there; undefined where it names none.
 *
 * @throws JobError 'function-unknown'; ConnectionError 'configuration' where the module can't be loaded
 */
export async function functionsHashOf(deps: Dependencies, job: ReplayJob): Promise<string | undefined> {
  if (!namesFunctions(job)) return undefined;
  const module = await moduleOf(deps, job);
  new RecordFunctions(job.functions, module);
  return module.hash;
}

/**
 * Path of this worker's functions module, for a job that needs it. Another module than the one that the job began with
 * would make another sequence of records: then another worker must do the step.
 */
export async function functionsPathOf(deps: Dependencies, job: ReplayJob): Promise<string | undefined> {
  if (job.functionsHash === undefined) return undefined;
  const { path, hash } = await moduleOf(deps, job);
  if (hash === job.functionsHash) return path;
  throw new ConnectionError(
    'unavailable',
    `this worker's functions module ${path} (${hash.slice(0, 12)}) is not the one that the job began with (${job.functionsHash.slice(0, 12)}); give all workers of the task queue the same module, or start a new job`,
    { path, hash, expected: job.functionsHash },
  );
}

/** The functions of a job in a decoding thread; undefined where it names none. */
export async function threadFunctions(job: ReplayJob, path: string | undefined): Promise<RecordFunctions | undefined> {
  return path === undefined ? undefined : new RecordFunctions(job.functions, await loadFunctions(path));
}

async function moduleOf(deps: Dependencies, { functions }: ReplayJob): Promise<LoadedFunctions> {
  const module = await deps.functions();
  if (module !== undefined) return module;
  throw new JobError(
    'function-unknown',
    `The job names functions (${Object.values(functions).join(', ')}), and this worker has no functions module. Set functions (REWIND_FUNCTIONS) in the worker's configuration, or leave them out.`,
    { functions },
  );
}
