import { ConnectionError } from '../../../connections/connection-error.ts';
import { FormatError } from '../../../formats/format-error.ts';
import type { Dependencies } from '../../dependencies.ts';
import { functionsPathOf } from '../functions/job-functions.ts';
import { JobError } from '../../step/job-error.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import type { ManifestFile } from '../manifest/manifest.ts';
import { sumStrays } from '../record/stray-times.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { FileListing } from '../steps.ts';
import { leftOutByRange } from '../manifest/file-selection.ts';
import { judgeStrays, type StrayJudgement } from './judge-strays.ts';
import { timesText } from '../publish/why-nothing.ts';
import { SAMPLE_MEMORY_BYTES, type FileSample } from './sample-file.ts';

/** A file that was tried, and what came of it. */
export type SampledFile = { file: ManifestFile } & (
  { sample: FileSample } | { error: JobError | FormatError | ConnectionError }
);

/** Most of a sample is waiting for HDFS. */
const AT_ONCE = 4;
/** What one thread decodes in less time than another one takes to start is all left to it, the sample too. */
const FOR_ONE_THREAD = 4 * 1024 * 1024;

/**
 * Decodes the first records of each of these files, and keeps what is wrong with one as its result.
 *
 * @param bytes of all files of the job
 */
export async function sampleFiles(
  deps: Dependencies,
  job: ReplayJob,
  { files, bytes }: { files: readonly ManifestFile[]; bytes: bigint },
  schema: string | undefined,
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<SampledFile[]> {
  const functionsPath = await functionsPathOf(deps, job);
  const results = new Array<SampledFile>(files.length);
  const queue = files.entries();
  const sampleNext = async (): Promise<void> => {
    for (const [index, file] of queue) {
      progress({ sampled: index, of: files.length, at: file.path });
      const release = await deps.budget.take(SAMPLE_MEMORY_BYTES, signal);
      try {
        results[index] = { file, sample: await deps.decoder.sample({ job, file, schema, functionsPath }, { signal }) };
      } catch (error) {
        signal.throwIfAborted();
        const known = error instanceof JobError || error instanceof FormatError || error instanceof ConnectionError;
        if (!known) throw error;
        results[index] = { file, error };
      } finally {
        release();
      }
    }
  };
  await Promise.all(Array.from({ length: bytes > FOR_ONE_THREAD ? AT_ONCE : 1 }, sampleNext));
  return results;
}

/** What the sample says of times: an error that would end the job when all is decoded, or what is worth a look. */
export function judgeSampled(
  job: ReplayJob,
  sampled: readonly SampledFile[],
  leftOut: FileListing['leftOut'],
): StrayJudgement {
  const samples = sampled.flatMap((one) => ('sample' in one ? [one.sample] : []));
  const read = samples.reduce((sum, sample) => sum + sample.read, 0);
  const strays = sumStrays(samples.flatMap((sample) => sample.strays ?? []));
  return judgeStrays(job, { read, strays, leftOut: leftOutByRange(leftOut) });
}

/** Says that no record of the sample is in the time range, where none is, with the times that were found. */
export function noneInRange(job: ReplayJob, sampled: readonly SampledFile[]): string[] {
  const samples = sampled.flatMap((one) => ('sample' in one ? [one.sample] : []));
  const out = samples.flatMap(({ outOfRangeTimes }) => outOfRangeTimes ?? []);
  if (out.length === 0 || samples.some(({ kept }) => kept > 0)) return [];
  const found = { from: Math.min(...out.map(({ from }) => from)), to: Math.max(...out.map(({ to }) => to)) };
  return [`no record of the sample is in the time range${timesText(job, found)}`];
}

/** Throws what would end the job when it is decoded: a file that can't be read, times of several units. */
export function checkSampled(sampled: readonly SampledFile[]): void {
  const failed = sampled.find((one) => 'error' in one);
  if (failed !== undefined) throw failed.error;
  const units = new Set(sampled.flatMap((one) => ('sample' in one ? (one.sample.timeUnit ?? []) : [])));
  if (units.size > 1) throw differentUnits([...units]);
}

export function differentUnits(units: string[]): JobError {
  return new JobError(
    'time-units-differ',
    `The record times of this archive have several units (${units.join(', ')}), so they can't be put in one order. Set time.unit in the job.`,
    { units },
  );
}

/** Bytes of the largest record that was seen. */
export function largestSampled(sampled: readonly SampledFile[]): number {
  return sampled.reduce((most, one) => ('sample' in one ? Math.max(most, one.sample.largestBody) : most), 0);
}
