import { createHash } from 'node:crypto';
import type { ParsedRangesInput } from './ranges-input.ts';
import type { RangesJob } from './ranges-job.ts';

type Inputs = Pick<ParsedRangesInput, 'inputs' | 'connections'>;

/**
 * Names the work of a job: groups and topics. Of two jobs with the same work one runs at a time, and what one has left
 * unfinished the next goes on with, so that ranges keep their ids.
 */
export function workName({ inputs, connections }: Inputs): string {
  // In whatever order they are given: they are read for the same groups.
  const facts = inputs.map(({ topic, topics, group }) => JSON.stringify([topic ?? topics, group])).sort();
  const hash = createHash('sha256')
    .update(JSON.stringify([connections.kafka, facts]))
    .digest('hex');
  const groups = inputs.map(({ group }) => group).sort();
  const readable = (groups[0] ?? '').replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100);
  return `${readable}-${hash.slice(0, 16)}`;
}

/** Fields in which a job differs from the one whose plan it would go on with, so that summaries would not go together. */
export function differences(begun: RangesJob, wanted: RangesJob): string[] {
  return SETTLED.filter((field) => canonical(begun[field]) !== canonical(wanted[field]));
}

/** What the plan and the summaries depend on; the rest may be another when a job goes on. */
const SETTLED = [
  'inputs',
  'finish',
  'since',
  'rangeMiB',
  'maxRangesPerPartition',
  'gap',
  'recreated',
  'schema',
  'subject',
  'schemaIdField',
  'offsets',
] as const satisfies readonly (keyof RangesJob)[];

/** The job as it was begun, with what the new one says of how it is done. */
export function goingOn(begun: RangesJob, wanted: RangesJob): RangesJob {
  const { concurrency, rate, retry, badData, connections, tuning } = wanted;
  return { ...begun, concurrency, rate, retry, badData, connections, tuning };
}

/** JSON with its keys in order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
