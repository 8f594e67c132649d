import type { z } from 'zod';
import { JobError } from './job-error.ts';

/** The error about a file of staging that is there, and that a job can't go on with. */
export function unusable(
  path: string,
  expected: string,
  found: string,
  remedy = 'Take the job up with the release that wrote it; or remove the staging and start the job anew, with another replay topic where records were published.',
): JobError {
  return new JobError(
    'staging-unusable',
    `The staging file ${path} can't be gone on with: expected ${expected}, found ${found}. ${remedy}`,
    { path, expected, found },
  );
}

/**
 * JSON of staging in the shape that is asked for. An older release, or a newer one, may have written it: what is missing
 * takes its default, what doesn't fit is an error, and nothing is believed unseen.
 *
 * @throws JobError 'staging-unusable'
 */
export function parseStaged<T>(path: string, shape: z.ZodType<T>, json: Uint8Array | string): T {
  const text = typeof json === 'string' ? json : Buffer.from(json).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusable(path, 'JSON', `${JSON.stringify(text.slice(0, 80))} (${error.message})`);
  }
  return fitStaged(path, shape, value);
}

/** The same for what is JSON already. */
export function fitStaged<T>(path: string, shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? `: ${issue.keys.join(', ')}` : '';
    return `${issue.path.join('.') || 'the whole'}: ${issue.message}${keys}`;
  });
  throw unusable(path, 'what this release knows', issues.join('; '));
}
