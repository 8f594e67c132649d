import type { ArchiveInput } from '../../activities/archive/job/archive-input.ts';
import type { ArchiveHarness } from '../../test/support/archive-harness.ts';
import type { ReplayHarness } from '../../test/support/replay-harness.ts';
import type { ArchiveResult } from '../../workflows/archive/archive-result.ts';
import { processUsage, type Usage } from '../process-usage.ts';

export interface RewindArchive {
  /** As many as must be in the files. */
  records: number;
  value: 'registry' | 'record';
  codec: NonNullable<NonNullable<ArchiveInput['files']>['codec']>;
  /** @default that of the codec */
  level?: number | undefined;
  concurrency: number;
  rangeMiB: number;
  /** Of the worker. */
  environment?: Record<string, string>;
  /** Folder for CPU profiles of the worker. */
  profile: string | undefined;
}

/** One run of the archive: from the start of the workflow on a worker that waits, to its result. */
export async function archiveByRewind(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  topic: string,
  { records, value, codec, level, concurrency, rangeMiB, environment, profile }: RewindArchive,
): Promise<Usage & { files: number }> {
  const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const worker = await harness.startWorker(environment, nodeArguments);
  try {
    const before = processUsage(worker.pid);
    const started = performance.now();
    const handle = await archive.start(
      archive.job({
        topics: { include: [topic] },
        value,
        files: { codec, timeZone: 'UTC', ...(level !== undefined && { level }) },
        ranges: { concurrency, rangeMiB },
      }),
    );
    const result = (await handle.result()) as ArchiveResult;
    const seconds = (performance.now() - started) / 1000;
    const after = processUsage(worker.pid);
    const files = await archive.files(topic);
    const archived = files.reduce((sum, { count }) => sum + count, 0);
    if (archived !== records)
      throw new Error(`${archived} records are in the files, expected ${records}: ${JSON.stringify(result)}`);
    return {
      seconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      peakMiB: after.peakMiB,
      files: files.length,
      steps: Object.fromEntries(Object.entries(result.steps).map(([step, { seconds: took }]) => [step, took])),
    };
  } finally {
    await worker.end();
  }
}
