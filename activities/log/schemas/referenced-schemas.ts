import type { SchemaReference, SchemaRegistry, SubjectVersion } from '../../../connections/registry/schema-registry.ts';
import { FormatError } from '../../../formats/format-error.ts';

/** More than any schema has; a registry that refers in a circle must not be asked for ever. */
const MOST_REFERENCES = 1000;

/**
 * All that a schema refers to, however far away, each once: a reference that the registry doesn't know is given without
 * what is there.
 *
 * @throws FormatError 'schema' for more than a thousand
 */
export async function* referencedSchemas(
  registry: SchemaRegistry,
  references: readonly SchemaReference[],
  signal: AbortSignal,
): AsyncGenerator<{ name: string; found: SubjectVersion | undefined }> {
  const seen = new Set<string>();
  const open: SchemaReference[] = [...references];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const name = `version ${next.version} of ${next.subject}`;
    if (seen.has(name)) continue;
    if (seen.size >= MOST_REFERENCES)
      throw new FormatError('schema', `it refers to more than ${MOST_REFERENCES} schemas`);
    seen.add(name);
    const found = await registry.version(next.subject, next.version, signal);
    yield { name, found };
    open.push(...(found?.references ?? []));
  }
}
