import { z } from 'zod';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { partitionAccount, REWIND_JSON } from '../../../layouts/execution-account.ts';
import { auditPost, type AuditPost } from '../decision/decision.ts';
import { JobError } from '../../step/job-error.ts';

/** What Camus has no place for, in each execution of Rewind's; Camus itself passes over a file of this name. */
const rewindJson = z.object({
  version: z.literal(1),
  job: z.string(),
  execution: z.string(),
  predecessor: z.string().optional(),
  /** Where its decision is; left out by older releases. */
  exec: z.string().optional(),
  /** Where the counts of this execution go; left out where they are only written. */
  post: auditPost.optional(),
  /** Ids of topics at the time, so that one that is made anew is never continued by number; see `partitions`. */
  topicIds: z.record(z.string(), z.string()),
  /** Time up to which each topic is archived, in ms since 1970, by name; one of which that is not known is left out. */
  complete: z.record(z.string(), z.number()).optional(),
  /** What each partition's offsets hold: records in files, offsets that are in none and why, records that were left. */
  partitions: z.array(
    partitionAccount.extend({
      leaderEpoch: z.number().optional(),
      /** Id of the topic that the offsets are of. @default that of `topicIds`, in executions of older releases */
      topicId: z.string().optional(),
    }),
  ),
});

export type RewindJson = z.output<typeof rewindJson>;

/** What an execution of Rewind's says beside its offsets; undefined for one of Camus. */
export async function readRewindJson(
  store: FileStore,
  folder: string,
  signal: AbortSignal,
): Promise<
  | {
      topicIds: Map<string, string>;
      complete: Map<string, number>;
      partitions: RewindJson['partitions'];
      post: AuditPost | undefined;
      exec: string | undefined;
      predecessor: string | undefined;
    }
  | undefined
> {
  const path = `${folder}/${REWIND_JSON}`;
  const status = await store.status(path, signal);
  if (status === undefined) return undefined;
  const bytes = await store.read(path, 0, status.length, signal);
  const parsed = rewindJson.safeParse(parsedJson(Buffer.from(bytes).toString()));
  if (!parsed.success)
    throw new JobError(
      'history-unusable',
      `${path} is damaged, or of a newer release: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}. Restore it, or use that release.`,
      { path },
    );
  const { topicIds, complete = {}, partitions, post, exec, predecessor } = parsed.data;
  return {
    topicIds: new Map(Object.entries(topicIds)),
    complete: new Map(Object.entries(complete)),
    ...{ partitions, post, exec, predecessor },
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no shape takes it, and the error names the file
  }
}
