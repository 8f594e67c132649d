import { FormatError } from '../../../formats/format-error.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { isAvro } from '../job/parse-archive-input.ts';
import { wholeSchema } from '../schemas/whole-schema.ts';
import type { PlannedSchema } from './plan-file.ts';

/**
 * The reader's schema of each topic: the subject's latest one at this moment, by its id. A topic without a subject, or
 * whose schema can't be used, is a problem of its own.
 */
export async function pinnedSchemas(
  deps: Pick<Dependencies, 'registry'>,
  job: Pick<ArchiveJob, 'value' | 'schema' | 'schemaIds' | 'subject'> & { connections: { registry: string } },
  topics: readonly string[],
  signal: AbortSignal,
): Promise<{ schemas: PlannedSchema[]; problems: Map<string, string> }> {
  const schemas: PlannedSchema[] = [];
  const problems = new Map<string, string>();
  // A registry that the worker doesn't know is found out now, not in each pull.
  if (job.value === 'record' && job.schemaIds !== 'none') deps.registry(job.connections.registry);
  if (!isAvro(job.value) || job.schema === 'writer') return { schemas, problems };
  const registry = deps.registry(job.connections.registry);
  for (const topic of topics) {
    const subject = subjectOf(job, topic);
    const latest = await registry.latest(subject, signal);
    const problem = (what: string): unknown =>
      problems.set(topic, `${topic}: the registry ${registry.describe()} ${what}. Register its schema, or set subject`);
    if (latest === undefined) {
      problem(`has no subject ${subject}`);
      continue;
    }
    try {
      const json = await wholeSchema(registry, latest, signal);
      parseSchema(json, { lenient: true });
      schemas.push({ kind: 'schema', topic, subject, id: latest.id, json });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problem(`has a schema in the subject ${subject} that can't be used: ${error.message}`);
    }
  }
  return { schemas, problems };
}

/** The subject of a topic's values. */
export function subjectOf({ subject }: Pick<ArchiveJob, 'subject'>, topic: string): string {
  return subject.replaceAll('{topic}', topic);
}
