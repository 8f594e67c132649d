import { addText } from '../run/int64-text.ts';
import { inWindow } from '../run/window.ts';
import type { DecodedSplit, SkippedByFault } from '../../activities/replay/steps.ts';
import type { ReplayRun } from './replay-run.ts';
import { addTimes } from './add-times.ts';
import type { ReplayState } from './replay-state.ts';

/** Decodes all splits, a window of them at a time. */
export async function decodeSplits(run: ReplayRun): Promise<void> {
  const { state, steps, show } = run;
  const { job, listing } = state;
  if (listing === undefined) throw new TypeError('decode before list');
  await inWindow({
    ...run,
    atOnce: job.tuning.decodeConcurrency,
    take: () => (state.nextSplit < listing.splits ? state.nextSplit++ : undefined),
    run: (split) => {
      const summary = `split ${split + 1} of ${listing.splits}`;
      return steps.decodeAndSort.executeWithOptions({ summary }, [{ job, listing, split }]);
    },
    done: (decoded) => {
      add(state, decoded);
      show();
    },
  });
}

/** More are not kept of a job: files of one kind have the same, and a result stays small. */
const MAX_REMARKS = 20;

function addRemark(decoded: ReplayState['decoded'], remark: string): void {
  const remarks = (decoded.remarks ??= []);
  if (remarks.length < MAX_REMARKS && !remarks.includes(remark)) remarks.push(remark);
}

function add(state: ReplayState, split: DecodedSplit): void {
  const { decoded } = state;
  decoded.splits += 1;
  decoded.read += split.read;
  decoded.kept += split.kept;
  decoded.outOfRange += split.outOfRange;
  decoded.filtered += split.filtered;
  decoded.skipped += split.skipped;
  if (split.estimated !== undefined) decoded.estimated = (decoded.estimated ?? 0) + split.estimated;
  for (const [fault, records] of Object.entries(split.skippedBy) as [keyof SkippedByFault, number][])
    decoded.skippedBy[fault] = (decoded.skippedBy[fault] ?? 0) + records;
  decoded.clamped += split.clamped;
  if (split.timeUnit !== undefined && !decoded.timeUnits.includes(split.timeUnit))
    decoded.timeUnits.push(split.timeUnit);
  addTimes(decoded, split);
  for (const remark of split.remarks ?? []) addRemark(decoded, remark);
  decoded.bytesRead = addText(decoded.bytesRead, split.bytesRead);
  decoded.bytesSorted = addText(decoded.bytesSorted, split.bytesSorted);
}
