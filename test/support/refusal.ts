import type { WorkflowHandle } from '@temporalio/client';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import type { ReplayHarness } from './replay-harness.ts';

/** How a job was refused. */
export interface Refusal {
  type: string | undefined;
  message: string;
  /** The steps that were begun, in their order. */
  steps: string[];
}

/** Runs a job that is expected to end with a typed failure. */
export async function refusalOf(harness: ReplayHarness, job: unknown): Promise<Refusal> {
  const handle = await harness.start(job as ReplayInput);
  let cause: Error & { type?: string };
  try {
    await handle.result();
    throw new TypeError('the job was expected to fail, and succeeded');
  } catch (error) {
    if (error instanceof TypeError) throw error;
    cause = error as Error;
    while (cause.cause instanceof Error && cause.type?.startsWith('rewind.') !== true) cause = cause.cause;
  }
  return { type: cause.type, message: cause.message, steps: await stepsBegun(handle) };
}

/** Steps that only read, before anything is claimed or decoded. */
const EARLY = ['validateJob', 'readOffsets', 'listFiles'];

/** The same of a job that must be refused before it has done anything. */
export async function earlyRefusalOf(harness: ReplayHarness, job: unknown): Promise<Refusal> {
  const refusal = await refusalOf(harness, job);
  const late = refusal.steps.filter((step) => !EARLY.includes(step));
  if (late.length > 0) throw new Error(`${refusal.type}: refused after ${late.join(', ')}`);
  return refusal;
}

/** The activities that a workflow has scheduled, in their order. */
export async function stepsBegun(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}
