import type { TemporalServer } from '../../step/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from './search-attribute-names.ts';

/** Those that the server has: setting any other one would stop the workflow. */
export async function searchAttributesToSet(temporal: TemporalServer): Promise<string[]> {
  const registered = new Set(await temporal.keywordAttributes());
  return SEARCH_ATTRIBUTES.filter((name) => registered.has(name));
}
