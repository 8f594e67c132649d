import type { z } from 'zod';
import { checkFieldsTogether, type InputIssue } from './input-rules.ts';
import { replayInput, type ParsedReplayInput } from './job-input.ts';
import { JobError } from '../../step/job-error.ts';

/**
 * Validates a job's input as a whole. Throws one `input-invalid` that names every wrong field at once, unknown ones
 * included. Relative times are told from `scheduledAt`, milliseconds since 1970 UTC.
 * @default now
 */
export function parseReplayInput(input: unknown, scheduledAt = Date.now()): ParsedReplayInput {
  const parsed = replayInput.safeParse(input);
  if (parsed.success) {
    const issues = checkFieldsTogether(parsed.data, scheduledAt);
    if (issues.length === 0) return parsed.data;
    throw invalidInput(issues);
  }
  const issues = issuesOf(parsed.error);
  throw invalidInput([...issues, ...rulesBetweenTheRest(input, parsed.error.issues, issues, scheduledAt)]);
}

/** The one error about an input, with everything that is wrong with it. */
export function invalidInput(issues: InputIssue[]): JobError {
  const lines = issues.map(({ field, message }) => `${field === '' ? 'the input' : field}: ${message}`);
  return new JobError(
    'input-invalid',
    `The job's input has ${issues.length} wrong field${issues.length === 1 ? '' : 's'}; nothing was done. ${lines.join('; ')}`,
    { issues },
  );
}

/**
 * What a schema found wrong, a field a line.
 *
 * @param page of the docs that lists all fields
 */
export function issuesOf(error: z.ZodError, page = 'docs/job.md'): InputIssue[] {
  return error.issues.flatMap((issue) => flatten(issue, page));
}

function flatten(issue: z.core.$ZodIssue, page: string): InputIssue[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      message: `there is no such field; ${page} lists all`,
    }));
  if (issue.code === 'invalid_union')
    return (
      issue.errors.at(-1)?.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }, page)) ?? [
        { field, message: issue.message },
      ]
    );
  return [{ field, message: issue.message }];
}

/** Leaves the wrong fields out and checks what remains, so that one run names everything. */
function rulesBetweenTheRest(
  input: unknown,
  zodIssues: readonly z.core.$ZodIssue[],
  named: InputIssue[],
  scheduledAt: number,
): InputIssue[] {
  if (typeof input !== 'object' || input === null) return [];
  const rest = structuredClone(input) as Record<string, unknown>;
  for (const issue of zodIssues)
    for (const key of issue.code === 'unrecognized_keys' ? issue.keys : [undefined])
      remove(rest, key === undefined ? issue.path : [...issue.path, key]);
  const parsed = replayInput.safeParse(rest);
  if (!parsed.success) return [];
  return checkFieldsTogether(parsed.data, scheduledAt).filter(
    ({ field }) => !named.some((issue) => issue.field === field || issue.field.startsWith(`${field}.`)),
  );
}

function remove(from: Record<string, unknown>, path: readonly PropertyKey[]): void {
  const [head, ...tail] = path as string[];
  if (head === undefined) return;
  const inner = from[head];
  if (tail.length > 0 && typeof inner === 'object' && inner !== null) remove(inner as Record<string, unknown>, tail);
  else delete from[head];
}
