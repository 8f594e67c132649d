import type { PulledRanges } from '../../activities/archive/steps.ts';
import { addText } from '../run/int64-text.ts';
import type { Run } from '../run/run-job.ts';
import { inWindow } from '../run/window.ts';
import type { ArchiveState, ArchiveStep } from './archive-state.ts';
import type { ArchiveSteps } from './steps-of.ts';
import { addTopics } from './topic-progress.ts';

export interface ArchiveRun extends Run<ArchiveStep, ArchiveState> {
  readonly steps: ArchiveSteps;
}

/** Pulls what was planned, some pulls at a time; none begins after `limits.minutes`. */
export async function pullAll({ state, steps, show, ...run }: ArchiveRun): Promise<void> {
  const { job, planned } = state;
  if (planned === undefined) throw new TypeError('pull before plan');
  const { minutes } = job.limits;
  const late = (): boolean => minutes !== undefined && Date.now() - state.startedAt > minutes * 60_000;
  await inWindow({
    ...run,
    atOnce: job.ranges.concurrency,
    take: () => (state.nextPull < planned.pulls && !late() ? state.nextPull++ : undefined),
    run: async (pull) => {
      const summary = `pull ${pull + 1} of ${planned.pulls}`;
      const { rate } = state.control;
      add(state, await steps.pullArchive.executeWithOptions({ summary }, [{ job, pull, rate }]));
      show();
    },
  });
}

function add(state: ArchiveState, { ranges, records, bytes, files, left, topics = [] }: PulledRanges): void {
  const { pulled } = state;
  pulled.pulls += 1;
  pulled.ranges += ranges;
  pulled.files += files;
  pulled.records = addText(pulled.records, records);
  pulled.bytes = addText(pulled.bytes, bytes);
  for (const [reason, count] of Object.entries(left)) pulled.left[reason] = (pulled.left[reason] ?? 0) + count;
  addTopics(state, topics);
}
