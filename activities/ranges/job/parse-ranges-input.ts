import { invalidInput, issuesOf } from '../../replay/job/parse-input.ts';
import type { InputIssue } from '../../replay/job/input-rules.ts';
import { rangesInput, type ParsedRangesInput } from './ranges-input.ts';

/** Bytes of JSON that `inputs` may have: every step is given the job, and Temporal keeps what it is given. */
const MOST_INPUTS_BYTES = 32 * 1024;

/** Validates the input as a whole. Throws one `input-invalid` that names every wrong field at once. */
export function parseRangesInput(input: unknown): ParsedRangesInput {
  const parsed = rangesInput.safeParse(input);
  if (!parsed.success) throw invalidInput(issuesOf(parsed.error, 'docs/ranges.md'));
  const issues = rulesBetweenFields(parsed.data);
  if (issues.length > 0) throw invalidInput(issues);
  return parsed.data;
}

/** Whether values need a registry. */
export function isAvro(decode: string): boolean {
  return decode === 'registry' || decode === 'avro-json';
}

function rulesBetweenFields({ inputs, offsets, retry }: ParsedRangesInput): InputIssue[] {
  const issues: InputIssue[] = [];
  const wrong = (field: string, message: string): unknown => issues.push({ field, message });
  const bytes = Buffer.byteLength(JSON.stringify(inputs));
  if (bytes > MOST_INPUTS_BYTES)
    wrong(
      'inputs',
      `expected at most ${MOST_INPUTS_BYTES} bytes of JSON, found ${bytes}: name topics by patterns, or start several jobs`,
    );
  const seen = new Set<string>();
  for (const [number, { topic, topics, group }] of inputs.entries()) {
    if ((topic === undefined) === (topics === undefined))
      wrong(`inputs.${number}.topic`, 'expected either a topic, or topics.include');
    const key = `${topic} ${group}`;
    if (topic !== undefined && seen.has(key))
      wrong(`inputs.${number}.group`, `expected another group: ${group} reads ${topic} in an input before`);
    seen.add(key);
  }
  if (!offsets.kafka && !offsets.zookeeper)
    wrong('offsets.kafka', 'expected true, or offsets.zookeeper true: the group keeps its offsets somewhere');
  if (offsets.from !== undefined && !offsets[offsets.from])
    wrong('offsets.from', `expected where offsets are moved: offsets.${offsets.from} is false`);
  if (retry.initialSeconds > retry.maximumSeconds)
    wrong('retry.initialSeconds', 'expected no more than retry.maximumSeconds');
  return issues;
}
