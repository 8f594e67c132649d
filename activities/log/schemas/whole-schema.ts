import type { RegisteredSchema, SchemaRegistry } from '../../../connections/registry/schema-registry.ts';
import { inlineReferences } from '../../../formats/avro/schema/inline-references.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { referencedSchemas } from './referenced-schemas.ts';

/**
 * The JSON of a schema with all that it refers to inlined: files of the archive are read without the registry.
 *
 * @throws FormatError 'schema' for a schema that is not Avro's, or a reference that the registry doesn't know
 */
export async function wholeSchema(
  registry: SchemaRegistry,
  { type, schema, references }: Pick<RegisteredSchema, 'type' | 'schema' | 'references'>,
  signal: AbortSignal,
): Promise<string> {
  if (type !== 'AVRO') throw new FormatError('schema', `it is of type ${type}, and AVRO is needed`);
  if (references.length === 0) return schema;
  const texts: string[] = [];
  for await (const { name, found } of referencedSchemas(registry, references, signal)) {
    if (found === undefined) throw new FormatError('schema', `it refers to ${name}, which the registry doesn't know`);
    texts.push(found.schema);
  }
  return inlineReferences(schema, texts);
}
