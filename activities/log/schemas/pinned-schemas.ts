import { ConnectionError } from '../../../connections/connection-error.ts';
import type { SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { isForbidden } from './is-forbidden.ts';
import type { PlannedSchema } from './planned-schema.ts';
import { subjectOf, type SubjectNames } from './subject-of.ts';
import { wholeSchema } from './whole-schema.ts';

/**
 * The reader's schema of each topic: the subject's latest one at this moment, by its id. A topic without a subject, or
 * whose schema can't be used, is a problem of its own.
 */
export async function pinnedSchemas(
  registry: SchemaRegistry,
  names: SubjectNames,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<{ schemas: PlannedSchema[]; problems: Map<string, string> }> {
  const schemas: PlannedSchema[] = [];
  const problems = new Map<string, string>();
  for (const topic of topics) {
    const subject = subjectOf(names, topic);
    const problem = (what: string): unknown =>
      problems.set(topic, `${topic}: the registry ${registry.describe()} ${what}. Register its schema, or set subject`);
    try {
      const latest = await registry.latest(subject, signal);
      if (latest === undefined) {
        problem(`has no subject ${subject}`);
        continue;
      }
      const json = await wholeSchema(registry, latest, signal);
      parseSchema(json, { lenient: true });
      schemas.push({ kind: 'schema', topic, subject, id: latest.id, json });
    } catch (error) {
      if (error instanceof ConnectionError && isForbidden(error)) problems.set(topic, `${topic}: ${error.message}`);
      else if (!(error instanceof FormatError)) throw error;
      else problem(`has a schema in the subject ${subject} that can't be used: ${error.message}`);
    }
  }
  return { schemas, problems };
}
