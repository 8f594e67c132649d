import type {
  RegisteredSchema,
  SchemaReference,
  SchemaRegistry,
} from '../../../connections/registry/schema-registry.ts';
import { inlineReferences } from '../../../formats/avro/schema/inline-references.ts';
import { FormatError } from '../../../formats/format-error.ts';

/** More than any schema has; a registry that refers in a circle must not be asked for ever. */
const MOST_REFERENCES = 1000;

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
  const texts = new Map<string, string>();
  const open: SchemaReference[] = [...references];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const name = `version ${next.version} of ${next.subject}`;
    if (texts.has(name)) continue;
    if (texts.size >= MOST_REFERENCES)
      throw new FormatError('schema', `it refers to more than ${MOST_REFERENCES} schemas`);
    const found = await registry.version(next.subject, next.version, signal);
    if (found === undefined) throw new FormatError('schema', `it refers to ${name}, which the registry doesn't know`);
    texts.set(name, found.schema);
    open.push(...found.references);
  }
  return inlineReferences(schema, [...texts.values()]);
}
