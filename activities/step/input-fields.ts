import { z } from 'zod';
import { isTimeZone } from '../../formats/text/local-time.ts';

/** Fields that the inputs of several kinds of jobs have in common. */

/** @param example is told who gives something else */
export function hdfsPath(example: string): z.ZodString {
  return z
    .string()
    .regex(/^\/(?!.*\/\.\.?(\/|$))/, `expected an absolute HDFS path without "." or ".." segments, such as ${example}`);
}

export const connectionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/i, "expected the name of a connection in the worker's configuration");

export const fieldPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'expected field names joined by dots, such as time or header.time');

export const timeZone = z.string().refine(isTimeZone, 'expected an IANA time zone, such as Europe/Berlin');

export const percent = z.number().min(0).max(100);

/** Records and bytes a second, of the whole job; what is left out is not limited. */
export const rateLimit = z.strictObject({
  records: z.number().min(1).optional(),
  bytes: z.number().min(1).optional(),
});
