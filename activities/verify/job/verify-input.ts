import { z } from 'zod';
import type { ParsedReplayInput } from '../../replay/job/job-input.ts';
import { invalidInput, issuesOf, parseReplayInput } from '../../replay/job/parse-input.ts';
import { hdfsPath } from '../../step/input-fields.ts';
import { JobError } from '../../step/job-error.ts';
import type { InputIssue } from '../../replay/job/input-rules.ts';

export const TARGETS = ['source', 'replay'] as const;
export type Target = (typeof TARGETS)[number];

const path = hdfsPath('/audits/events');

/** What a job of `verify` has beside the fields of a replay, which say what archive it is and what became of it. */
export const verifySection = z.strictObject({
  /** What the archive is compared with. @default the topics that are there: the source, the replay topic, or both */
  against: z.array(z.enum(TARGETS)).min(1).optional(),
  /**
   * How values stand in the source topic: Avro in the frame of a registry, or as they are in the archive. `none`: they
   * are counted, and not compared. @default by the archive's format
   */
  value: z.enum(['auto', 'registry', 'as-is', 'none']).default('auto'),
  /** Length of the time buckets in which records are counted and compared. */
  bucketMinutes: z.int().min(1).max(44_640).default(60),
  /** One in so many buckets is compared by content; all are counted. @default 1, every one */
  sample: z.int().min(1).max(1_000_000).default(1),
  /** Folder on HDFS in which the job's report gets a folder of its own. @default beside the staging of the job */
  report: path.optional(),
});

export type VerifySection = z.output<typeof verifySection>;

/** The input of `verify`: a replay's, as `rewind replay` takes it, with what to compare in `verify`. */
export interface ParsedVerifyInput {
  replay: ParsedReplayInput;
  verify: VerifySection;
}

/** @throws JobError 'input-invalid' that names every wrong field at once */
export function parseVerifyInput(input: unknown, scheduledAt?: number): ParsedVerifyInput {
  const { verify = {}, ...rest } = (typeof input === 'object' && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  const section = verifySection.safeParse(verify);
  const issues: InputIssue[] = section.success
    ? []
    : issuesOf(section.error, 'docs/verify.md').map(({ field, message }) => ({
        field: field === '' ? 'verify' : `verify.${field}`,
        message,
      }));
  let replay: ParsedReplayInput | undefined;
  try {
    replay = parseReplayInput(rest, scheduledAt);
  } catch (error) {
    if (!(error instanceof JobError) || !Array.isArray(error.facts['issues'])) throw error;
    issues.push(...(error.facts['issues'] as InputIssue[]));
  }
  if (replay !== undefined && section.success) issues.push(...rulesBetweenFields(replay, section.data));
  if (issues.length > 0 || replay === undefined || !section.success) throw invalidInput(issues);
  return { replay, verify: section.data };
}

function rulesBetweenFields({ functions, takeUp, plan }: ParsedReplayInput, { against }: VerifySection): InputIssue[] {
  const issues: InputIssue[] = [];
  const wrong = (field: string, message: string): unknown => issues.push({ field, message });
  if (plan) wrong('plan', 'expected false: rewind verify changes nothing by itself');
  if (takeUp !== undefined) wrong('takeUp', 'expected none: a job of verify is resumed by its workflow');
  if (against?.includes('replay') === true && Object.values(functions).some((name) => name !== undefined))
    wrong(
      'verify.against',
      'expected ["source"]: what functions of your own have made of the records is not compared with them',
    );
  return issues;
}
