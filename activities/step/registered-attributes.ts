import type { TemporalServer } from './temporal-server.ts';

/** Those search attributes of type Keyword that the server has: setting any other one would stop the workflow. */
export async function registeredAttributes(temporal: TemporalServer, names: readonly string[]): Promise<string[]> {
  const registered = new Set(await temporal.keywordAttributes());
  return names.filter((name) => registered.has(name));
}
