import type { TemporalServer } from '../temporal-server.ts';

/** Search attributes by which replays are found, all of type Keyword: `rewind register` registers them. */
export const SEARCH_ATTRIBUTES = ['RewindTopic', 'RewindReplayTopic', 'RewindGroup'] as const;

/** Those that the server has: setting any other one would stop the workflow. */
export async function searchAttributesToSet(temporal: TemporalServer): Promise<string[]> {
  const registered = new Set(await temporal.keywordAttributes());
  return SEARCH_ATTRIBUTES.filter((name) => registered.has(name));
}
