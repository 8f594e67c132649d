import type { Dependencies } from '../../dependencies.ts';
import { pinnedSchemas } from '../../log/schemas/pinned-schemas.ts';
import type { PlannedSchema } from '../../log/schemas/planned-schema.ts';
import { schemasInFiles } from '../../log/schemas/schemas-in-files.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { isAvro } from '../job/parse-archive-input.ts';

/** The reader's schemas that a run needs, pinned; none for values without a registry, and for writers' own. */
export async function readerSchemas(
  deps: Pick<Dependencies, 'hdfs' | 'registry'>,
  job: Pick<ArchiveJob, 'value' | 'schema' | 'schemaIds' | 'subject'> & {
    connections: { hdfs: string; registry: string };
  },
  topics: readonly string[],
  signal: AbortSignal,
): Promise<{ schemas: PlannedSchema[]; problems: Map<string, string> }> {
  // A registry that the worker doesn't know is found out now, not in each pull.
  if (job.value === 'record' && job.schemaIds !== 'none') deps.registry(job.connections.registry);
  if (!isAvro(job.value) || job.schema === 'writer') return { schemas: [], problems: new Map() };
  if (job.schema !== 'latest') return schemasInFiles(deps.hdfs(job.connections.hdfs), job.schema, topics, signal);
  return pinnedSchemas(deps.registry(job.connections.registry), job, topics, signal);
}
