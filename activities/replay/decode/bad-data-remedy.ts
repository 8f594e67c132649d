import { FormatError, type FormatFault } from '../../../formats/format-error.ts';

const SKIP =
  'set badData.policy to "skip" to leave out what can\'t be read: a job that has begun is taken up with that where it stopped (rewind resume ID --job JOB.json)';

/** What a person can do about a fault in a file of the archive: most schemas and times are read as the job says. */
const REMEDIES: Record<FormatFault, string> = {
  truncated: `Repair or remove the file, or ${SKIP}`,
  corrupt: `Repair or remove the file, or ${SKIP}`,
  unsupported: `Write the file again in a format that is read (docs/formats.md), narrow archive.input, or ${SKIP}`,
  limit: `Write the file again within that limit (docs/formats.md), narrow archive.input, or ${SKIP}`,
  schema: `Correct what the job says of the fields (time.field, output.key, output.schema), or ${SKIP}`,
  time: `Correct what the job says of the time (time.field, time.pattern, time.format, time.unit), or ${SKIP}`,
  function: `Correct the function, or ${SKIP}`,
};

/** The error that ends the job: with the file's name, and what to do. */
export function withRemedy(error: FormatError, file: string): FormatError {
  return new FormatError(error.fault, `${error.describe(file)}. ${REMEDIES[error.fault]}.`, error.facts);
}
