import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { markedEncoding, utf8Text } from '../formats/text/byte-order-mark.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** The JSON of a job from a file, or from standard input for `-`. It is judged by the workflow, not here. */
export async function readJob(path: string): Promise<Record<string, unknown>> {
  const source = path === '-' ? 'standard input' : path;
  const bytes = await (path === '-' ? buffer(process.stdin) : readFile(path)).catch((error: unknown) => {
    throw new CommandError(
      EXIT.usage,
      `${source} can't be read: ${(error as Error).message}.`,
      'Give the path of a JSON file with the job, or - for standard input.',
    );
  });
  const job = parsed(textOf(bytes, source), source);
  if (typeof job !== 'object' || job === null || Array.isArray(job))
    throw new CommandError(
      EXIT.usage,
      `${source} holds ${Array.isArray(job) ? 'a list' : job === null ? 'null' : `a ${typeof job}`}, expected a JSON object.`,
      'docs/job.md describes every field of a job.',
    );
  return job as Record<string, unknown>;
}

/** Without a byte order mark, which some editors put before a text. */
function textOf(bytes: Uint8Array, source: string): string {
  const encoding = markedEncoding(bytes);
  if (encoding !== undefined && encoding !== 'UTF-8')
    throw new CommandError(EXIT.usage, `${source} is in ${encoding}, expected UTF-8.`, 'Save it as UTF-8.');
  return utf8Text(bytes);
}

function parsed(json: string, source: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // JSON.parse doesn't always say where.
    const errors: ParseError[] = [];
    parse(json, errors, { disallowComments: true });
    const [{ offset, error } = { offset: json.length, error: 0 }] = errors;
    const lines = json.slice(0, offset).split('\n');
    throw new CommandError(
      EXIT.usage,
      `${source} is no JSON at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: ${words(printParseErrorCode(error))}.`,
      'Correct it there; docs/job.md has whole examples.',
    );
  }
}

/** `CloseBraceExpected` as words. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}
