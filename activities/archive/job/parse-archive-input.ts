import { FormatError } from '../../../formats/format-error.ts';
import { invalidInput, issuesOf } from '../../replay/job/parse-input.ts';
import type { InputIssue } from '../../replay/job/input-rules.ts';
import { lineTimeReader } from '../../../formats/text/time.ts';
import { archiveInput, type ParsedArchiveInput } from './archive-input.ts';

/** Validates an archive's input as a whole. Throws one `input-invalid` that names every wrong field at once. */
export function parseArchiveInput(input: unknown): ParsedArchiveInput {
  const parsed = archiveInput.safeParse(input);
  if (!parsed.success) throw invalidInput(issuesOf(parsed.error, 'docs/archive-job.md'));
  const issues = rulesBetweenFields(parsed.data);
  if (issues.length > 0) throw invalidInput(issues);
  const { badData, ...rest } = parsed.data;
  return { ...rest, badData: { ...badData, limitsFrom: badData.limitsFrom ?? limitsFrom(input) } };
}

/** Bad records from which on limits count that nobody has named. */
const LIMITS_FROM = 100;

/** Whoever names a limit means it, also of a run of few records. */
function limitsFrom(input: unknown): number {
  const { badData = {} } = input as { badData?: object };
  return ['limitPercent', 'topicLimitPercent', 'limits'].some((limit) => limit in badData) ? 1 : LIMITS_FROM;
}

/** Whether values are Avro data, whose schemas a registry has. */
export function isAvro(value: string): boolean {
  return value === 'registry' || value === 'avro-json';
}

/** Whether container files are written: of Avro data, or of whole records in their envelope. */
export function writesAvro(value: string): boolean {
  return isAvro(value) || value === 'record';
}

const CODECS = {
  avro: ['none', 'deflate', 'snappy', 'zstandard'],
  text: ['none', 'gzip', 'deflate', 'snappy', 'zstandard'],
  'sequence-file': ['none', 'gzip', 'deflate', 'snappy', 'zstandard'],
};

function rulesBetweenFields(input: ParsedArchiveInput): InputIssue[] {
  const { value, schema, schemaIds, files, nifi, time, dest, exec, history, limits, ranges, badData } = input;
  const issues: InputIssue[] = [];
  const wrong = (field: string, message: string): unknown => issues.push({ field, message });
  const format = files.format ?? (writesAvro(value) ? 'avro' : 'text');
  if (writesAvro(value) !== (format === 'avro'))
    wrong(
      'files.format',
      `expected ${writesAvro(value) ? '"avro"' : '"text" or "sequence-file"'}: value is "${value}"`,
    );
  if (files.codec !== undefined && !CODECS[format].includes(files.codec))
    wrong('files.codec', `expected one of ${CODECS[format].join(', ')}: files.format is "${format}"`);
  if (value === 'nifi') {
    if (format !== 'text') wrong('files.format', 'expected "text": value is "nifi"');
    if (files.delimiter !== '\n') wrong('files.delimiter', 'expected nothing: lines of NiFi end with a line feed');
  } else if (nifi !== undefined) wrong('nifi', 'expected nothing: value is not "nifi"');
  if (schema.startsWith('/') && !isAvro(value))
    wrong('schema', `expected nothing: value is "${value}", and only Avro values have a schema`);
  if (badData.keep && badData.policy !== 'skip')
    wrong('badData.keep', 'expected nothing: badData.policy is "fail", which passes no bad record');
  if (schemaIds !== 'none' && value !== 'record')
    wrong('schemaIds', `expected "none": value is "${value}", and only whole records have columns for them`);
  if (time.timeZone !== undefined && isAvro(value))
    wrong('time.timeZone', `expected nothing: it is about times of JSON, and value is "${value}"`);
  const unreadable = unreadableFormat(time.format);
  if (unreadable !== undefined) wrong('time.format', unreadable);
  const folders = { dest, exec, history: history ?? `${exec}/history` };
  if (dest === exec || dest === folders.history)
    wrong('dest', 'expected another folder than exec and history: it holds the data');
  if (exec === folders.history) wrong('history', 'expected another folder than exec, as a rule below it');
  if (limits.hours !== undefined && ranges.maxPerPartition !== undefined)
    wrong('ranges.maxPerPartition', 'expected nothing beside limits.hours, which reads a partition in one range');
  return issues;
}

/** Why no time of this format could be read. */
function unreadableFormat(format: string | undefined): string | undefined {
  try {
    if (format !== undefined) lineTimeReader({ pattern: '.', format });
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `${error.message}: expected ${error.facts.expected}`;
  }
}
