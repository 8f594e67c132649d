import { ConnectionError } from '../../../connections/connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { JobError } from '../../step/job-error.ts';
import type { FunctionKind } from '../functions/function-kinds.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import type { InHand, SeenPulse } from './thread-pulse.ts';

/** The error about a thread that was ended because one record kept it for too long. */
export function hungThread(
  { inHand, file, position, ordinal }: SeenPulse,
  { job, files, limitMs }: { job: ReplayJob; files: readonly ManifestFile[]; limitMs: number },
): JobError {
  const path = files[file]?.path ?? '';
  const where = new FormatError('function', `${named(inHand, job)} has not come to an end in ${limitMs} ms`, {
    ...(position !== undefined && { position }),
    ...(ordinal !== undefined && { ordinal }),
  });
  return new JobError(
    'record-timeout',
    `${where.describe(path)}. Its thread was ended. ${remedy(inHand)} A worker allows a record recordTimeoutMs (REWIND_RECORD_TIMEOUT_MS).`,
    { path, position, ordinal, inHand, limitMs },
  );
}

/** The same about a module that doesn't come to the end of its loading. */
export function hungModule(path: string, limitMs: number): ConnectionError {
  return new ConnectionError(
    'configuration',
    `the worker's functions module ${path} has not come to the end of its loading in ${limitMs} ms; let nothing at its top level wait or run on, and start the worker again`,
    { path, limitMs },
  );
}

function named(inHand: InHand, { functions }: ReplayJob): string {
  if (inHand === 'decoding' || inHand === 'the module') return 'what is read there';
  if (inHand === 'time.pattern') return 'the expression time.pattern';
  const kind = inHand.slice('functions.'.length) as FunctionKind;
  return `the function ${kind}.${functions[kind]}`;
}

function remedy(inHand: InHand): string {
  if (inHand === 'decoding' || inHand === 'the module') return 'Please report it, with the file.';
  if (inHand === 'time.pattern')
    return 'Write the expression so that no repetition stands within another, as in (a+)+, and start a new job.';
  return 'Correct the function, and start a new job.';
}
