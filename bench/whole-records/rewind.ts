import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import type { ArchiveHarness } from '../../test/support/archive-harness.ts';
import type { ReplayHarness } from '../../test/support/replay-harness.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { cpuBySteps } from '../cpu-by-steps.ts';
import { processUsage, type Usage } from '../process-usage.ts';

export interface RewindRestore {
  topic: string;
  /** A topic that is not there. */
  target: string;
  sort: NonNullable<ReplayInput['sort']>;
  splitMiB: string | undefined;
  /** Folder for CPU profiles of the worker. */
  profile: string | undefined;
}

/**
 * Restores an archive of whole records: from the start of the workflow on a worker that waits, to its result, the last
 * check of the whole topic included. Every record has its ordinal in a header, by which that check knows it.
 */
export async function restoreByRewind(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  { topic, target, sort, splitMiB, profile }: RewindRestore,
): Promise<Usage> {
  const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const worker = await harness.startWorker({ REWIND_SPLIT_MIB: splitMiB }, nodeArguments);
  try {
    const before = processUsage(worker.pid);
    const started = performance.now();
    const handle = await harness.start({
      topic,
      replayTopic: target,
      sort,
      archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
      output: { headers: { ordinal: true, partition: false, file: false } },
    });
    const cpu = await cpuBySteps(worker, handle);
    const result = (await handle.result()) as ReplayResult;
    const seconds = (performance.now() - started) / 1000;
    const after = processUsage(worker.pid);
    const steps = Object.entries(result.steps).flatMap(([step, { seconds: took }]) => [
      [step, took] as const,
      ...(cpu.has(step) ? [[`CPU of ${step}`, cpu.get(step)!] as const] : []),
    ]);
    return {
      seconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      peakMiB: after.peakMiB,
      steps: Object.fromEntries(steps),
    };
  } finally {
    await worker.end();
  }
}
