import { z } from 'zod';
import { release } from './release.ts';
import { fitStaged, parseStaged, unusable } from './staged-json.ts';

/** A job as it was begun, and what its staging folder is. */
export interface BegunJob<Job> {
  job: Job;
  /** Layout of the folder: what its files are and mean. */
  layout: number;
  /** Release that began the job. */
  release: string;
}

/** How the job of a workflow stands in `job.json`. */
export interface JobFormat<Job> {
  shape: z.ZodType<Job>;
  /** The newest layout that is known; a release goes on with older ones, and never with a newer one. */
  layout: number;
}

const written = z.object({ rewind: z.object({ release: z.string(), layout: z.int() }), job: z.unknown() });

export function encodeJob<Job>({ layout }: JobFormat<Job>, job: Job): Uint8Array {
  return Buffer.from(JSON.stringify({ rewind: { release: release(), layout }, job }, null, 2));
}

/** @throws JobError 'staging-unusable' for what a newer release wrote, and for what is no job */
export function decodeJob<Job>({ layout, shape }: JobFormat<Job>, path: string, bytes: Uint8Array): BegunJob<Job> {
  const value = parseStaged(path, z.looseObject({}), bytes);
  // Layout 1 is the job itself.
  if (!('rewind' in value)) return { job: fitStaged(path, shape, value), layout: 1, release: '0.1.0 or older' };
  const { rewind, job } = fitStaged(path, written, value);
  if (rewind.layout > layout)
    throw unusable(
      path,
      `a staging folder of layout ${layout} or older, as release ${release()} has it`,
      `layout ${rewind.layout}, of release ${rewind.release}`,
      `Take the job up by a worker of release ${rewind.release} or newer.`,
    );
  return { job: fitStaged(path, shape, job), ...rewind };
}
