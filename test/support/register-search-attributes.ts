import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../activities/replay/job/search-attribute-names.ts';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType
const POLL_MS = 100;

/** Registers what the server doesn't have yet, as `rewind register` does; a namespace knows them a moment later. */
export async function registerSearchAttributes({ connection, options: { namespace } }: Client): Promise<void> {
  const { operatorService } = connection;
  const missing = async (): Promise<string[]> => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    return SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
  };
  const names = await missing();
  if (names.length === 0) return;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes });
  while ((await missing()).length > 0) await sleep(POLL_MS);
}
