import type { SchemaReference } from '../../connections/registry/schema-registry.ts';

/** Registers a schema as the newest version of a subject, by Confluent's API; gives its id. */
export async function registerSchema(
  url: string,
  subject: string,
  schema: string,
  references: readonly SchemaReference[] = [],
): Promise<number> {
  const answer = await fetch(`${url}/subjects/${encodeURIComponent(subject)}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema, references }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`registering ${subject}: HTTP ${answer.status} ${text}`);
  return (JSON.parse(text) as { id: number }).id;
}
