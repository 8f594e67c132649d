import { ConnectionError } from '../../../connections/connection-error.ts';
import type { Dependencies } from '../../dependencies.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { FUNCTION_KINDS } from './function-kinds.ts';
import { functionUnknown, loadFunctions, type FunctionsSummary } from './functions-module.ts';
import { namesFunctions, RecordFunctions } from './record-functions.ts';

/**
 * Hash of the module whose functions a job names, all of which are there; undefined where it names none.
 *
 * @throws JobError 'function-unknown'; ConnectionError 'configuration' where the module can't be loaded
 */
export async function functionsHashOf(deps: Dependencies, job: ReplayJob): Promise<string | undefined> {
  if (!namesFunctions(job)) return undefined;
  const { hash, names } = await moduleOf(deps, job);
  for (const kind of FUNCTION_KINDS) {
    const name = job.functions[kind];
    if (name !== undefined && !names[kind].includes(name)) throw functionUnknown(kind, name, names[kind]);
  }
  return hash;
}

/**
 * Path of this worker's functions module, for a job that needs it. Another module than the one that the job began with
 * would make another sequence of records: then another worker must do the step.
 */
export async function functionsPathOf(deps: Dependencies, job: ReplayJob): Promise<string | undefined> {
  if (job.functionsHash === undefined) return undefined;
  const { path, hash } = await moduleOf(deps, job);
  if (hash !== job.functionsHash) throw anotherModule(path, hash, job.functionsHash);
  return path;
}

/**
 * The functions of a job in a decoding thread; undefined where it names none. The file may be another one than when the
 * worker looked at it.
 */
export async function threadFunctions(job: ReplayJob, path: string | undefined): Promise<RecordFunctions | undefined> {
  if (path === undefined) return undefined;
  const module = await loadFunctions(path);
  if (job.functionsHash !== undefined && module.hash !== job.functionsHash)
    throw anotherModule(path, module.hash, job.functionsHash);
  return new RecordFunctions(job.functions, module);
}

function anotherModule(path: string, hash: string, expected: string): ConnectionError {
  return new ConnectionError(
    'unavailable',
    `this worker's functions module ${path} (${hash.slice(0, 12)}) is not the one that the job began with (${expected.slice(0, 12)}); give all workers of the task queue the same module, or start a new job`,
    { path, hash, expected },
  );
}

async function moduleOf(deps: Dependencies, { functions }: ReplayJob): Promise<FunctionsSummary> {
  const module = await deps.functions();
  if (module !== undefined) return module;
  throw new JobError(
    'function-unknown',
    `The job names functions (${Object.values(functions).join(', ')}), and this worker has no functions module. Set functions (REWIND_FUNCTIONS) in the worker's configuration, or leave them out.`,
    { functions },
  );
}
