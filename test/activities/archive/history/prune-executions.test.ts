// Old executions go by number, by age and by the quota of EXEC; the newest never does.
import { beforeEach, expect, it } from 'vitest';
import { pruneExecutions } from '../../../../activities/archive/history/prune-executions.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const HISTORY = '/exec/history';
const NAMES = [1, 2, 3, 4, 5].map((day) => `2026-11-0${day}-00-00-00`);
const NOW = Date.UTC(2026, 10, 6);

let store: MemoryFileStore;

beforeEach(async () => {
  store = new MemoryFileStore();
  for (const name of NAMES)
    for (const file of ['offsets-m-00000', 'errors-m-00000', '_logs/x'])
      await store.write(`${HISTORY}/${name}/${file}`, []);
});

async function left(keep: { executions?: number; days?: number; quotaFraction?: number }): Promise<string[]> {
  const job = {
    exec: '/exec',
    history: HISTORY,
    scheduledAt: NOW,
    keep: { executions: 1000, quotaFraction: 0.5, days: undefined, ...keep },
  };
  const pruned = await pruneExecutions(store, job, NAMES, new AbortController().signal, () => undefined);
  const there: string[] = [];
  for await (const { path } of store.list(HISTORY)) there.push(path.slice(HISTORY.length + 1));
  expect([...pruned, ...there].sort()).toEqual(NAMES);
  return there;
}

it('keeps so many', async () => {
  expect(await left({ executions: 2 })).toEqual(NAMES.slice(3));
});

it('keeps those of so many days, and the newest however old', async () => {
  expect(await left({ days: 3.5 })).toEqual(NAMES.slice(2));
  expect(await left({ days: 0.1 })).toEqual(NAMES.slice(4));
});

it('deletes the oldest while EXEC holds more names than its part of the quota', async () => {
  // Each execution has 5 names: itself, 2 files, a folder and what is in it.
  store.names = { quota: 40, used: 26 };
  expect(await left({ quotaFraction: 0.5 })).toEqual(NAMES.slice(2));
});

it('keeps the newest, whatever the quota says', async () => {
  store.names = { quota: 10, used: 26 };
  expect(await left({ quotaFraction: 0.1 })).toEqual(NAMES.slice(4));
});

it('deletes nothing for a quota that is not there', async () => {
  expect(await left({ quotaFraction: 0.0001 })).toEqual(NAMES);
});
