import type { ParsedArchiveInput } from './archive-input.ts';

/**
 * A validated archive run with every default filled in: the result of `validateArchive`, so that a change of defaults
 * never changes a run that is under way.
 */
export interface ArchiveJob extends Omit<ParsedArchiveInput, 'plan' | 'history'> {
  /** WORKFLOWID/FIRSTRUNID: names the run in its staging, its claim and its decision. */
  id: string;
  /** Shown as the topic of logs and metrics: a run has many. */
  topic: string;
  history: string;
  /** Folder of this run alone, hidden below DEST. */
  staging: string;
  /** When the run was to start, in milliseconds since 1970 UTC: what is told from "now" is told from here. */
  scheduledAt: number;
  searchAttributes: string[];
  tuning: { heartbeatTimeoutMs: number; decodeTaskQueue?: string | undefined };
}
