import { z } from 'zod';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import { JobError } from '../step/job-error.ts';
import { parseStaged } from '../step/staged-json.ts';
import { TARGETS, type Target } from './job/verify-input.ts';
import type { VerifyJob } from './job/verify-job.ts';
import { VerifyFiles } from './verify-files.ts';

const offset = z.string().regex(/^\d+$/);

const targetShape = z.object({
  target: z.enum(TARGETS),
  topic: z.string(),
  topicId: z.string().optional(),
  comparison: z.object({
    content: z.enum(['whole', 'pair', 'value', 'published', 'none']),
    framed: z.boolean(),
    partitioned: z.boolean(),
    bucketed: z.boolean(),
    ordered: z.boolean(),
  }),
  /** Whether the archive's records tell their offsets. */
  own: z.boolean(),
  schema: z.string().optional(),
  /** Whether Kafka compacts the topic: of some records it keeps only the archive's copy. */
  compacted: z.boolean(),
  partitions: z.array(z.object({ partition: z.int(), from: offset, to: offset })),
  /** Offsets of a range of the topic; which one is which, ranges-of.ts says. */
  rangeOffsets: z.int().min(1),
  /** What is wrong with the topic itself. */
  trimmed: z.array(z.object({ partition: z.int(), message: z.string(), from: offset, to: offset })),
  /** Offsets that the history says were archived, of which there is no file and nothing left in the topic to compare. */
  lost: z.array(z.object({ partition: z.int(), message: z.string(), from: offset, to: offset })),
});

const planShape = z.object({
  plannedAt: z.string(),
  /** What was read from: addresses. */
  servers: z.object({ hdfs: z.string(), kafka: z.string(), registry: z.string().optional() }),
  execution: z.string().optional(),
  files: z.int(),
  bytes: z.string(),
  splits: z.int(),
  /** Name of the manifest. */
  manifest: z.string(),
  /** SHA-256 of the list of files, with lengths and times. */
  listing: z.string(),
  leftOut: z.array(z.object({ reason: z.string(), files: z.int() })),
  /** Files that a replay would refuse, and why. */
  refused: z.array(z.string()),
  notes: z.array(z.string()),
  targets: z.array(targetShape),
});

export type VerifyPlan = z.infer<typeof planShape>;
export type TargetPlan = z.infer<typeof targetShape>;

export function encodePlan(plan: VerifyPlan): Buffer {
  return Buffer.from(JSON.stringify(plan));
}

export function decodePlan(path: string, bytes: Uint8Array): VerifyPlan {
  return parseStaged(path, planShape, bytes);
}

/** The plan of a job that goes on; it must be there. */
export async function requirePlan(store: FileStore, job: VerifyJob, signal: AbortSignal): Promise<VerifyPlan> {
  const files = new VerifyFiles(store, job.staging);
  return decodePlan(files.plan, await requireStaged(files, files.plan, signal));
}

export function targetOf({ targets }: VerifyPlan, target: Target): TargetPlan {
  const found = targets.find((each) => each.target === target);
  if (found === undefined) throw new TypeError(`the plan compares nothing with the ${target}`);
  return found;
}

/** Whether of each record it can be told that compaction took it from the topic. */
export function tellsCompacted({ compacted, own, comparison }: TargetPlan): boolean {
  return compacted && own && comparison.content !== 'none';
}

/** What an earlier step has put in place. @throws JobError 'staging-lost' */
export async function requireStaged(files: VerifyFiles, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await files.readSmall(path, signal);
  if (bytes !== undefined) return bytes;
  throw new JobError(
    'staging-lost',
    `The staging file ${path} is gone while the job runs: was the folder cleaned? Start the job again.`,
    { path },
  );
}
