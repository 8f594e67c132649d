import { ActivityFailure, ApplicationFailure, patched } from '@temporalio/workflow';
import { noneDecoded, type ReplayState } from './replay-state.ts';

/**
 * Lets a job go on as one that is sorted as a whole, where its windows end for what that doesn't mind: one that takes more
 * memory than there is, or a record that belongs behind what is out. The sequence is the same, so what is published is its
 * beginning, and the position says how much. A job that is to have windows, `sort: "windows"`, is not.
 *
 * @throws the error, for any other
 */
export function goOnAsWhole(state: ReplayState, error: unknown): void {
  const why = state.job.sort === 'windows' ? undefined : whyNoWindows(error);
  if (why === undefined || state.listing === undefined || !patched('whole-after-windows')) throw error;
  const { windows: _windows, ...listing } = state.listing;
  const remark = `what was left after windows was decoded with all the rest and sorted as a whole: ${why}`;
  state.listing = { ...listing, remarks: [...listing.remarks, remark], afterWindows: true };
  state.decoded = noneDecoded();
  delete state.window;
  delete state.staged;
  state.step = 'decode';
}

/** Why the windows of a job ended, where it can go on as a whole; undefined for any other error. */
export function whyNoWindows(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const facts = (cause.details?.[0] ?? {}) as Record<string, unknown>;
  const window = Number(facts['window']) + 1;
  if (cause.type === 'rewind.job.window-too-large')
    return `window ${window} takes more than the ${String(facts['room'])} bytes of memory that the worker had for it`;
  const [late, behind] = [facts['late'] === true, facts['behind'] === true];
  if (cause.type !== 'rewind.job.outside-window' || !(late || behind)) return undefined;
  const part = Number(facts['fromByte'] ?? 0) === 0 ? '' : ` of those from byte ${String(facts['fromByte'])} on`;
  const where = late ? 'behind' : 'before';
  return `${String(facts['file'])}, record ${String(facts['ordinal'])}${part}, has a time ${where} its window ${window}`;
}
