// Where an archive goes on from executions of Camus as they may lie about: those of tasks without a message, those whose
// offsets are only carried over, and those that are damaged, of which no offset is used.
import { beforeEach, describe, expect, it } from 'vitest';
import { readHistoryFolder } from '../../../../activities/archive/history/history-folder.ts';
import { readStoredOffsets } from '../../../../activities/archive/history/stored-offsets.ts';
import { fixture, fixturesBelow, fixtureText } from '../../../formats/support/fixture-files.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

interface Case {
  history: string;
  verdict: 'ok' | 'error';
  file: string | null;
  what: string;
  topics: Record<string, { partition: number; offset: string; leaderId: string }[]> | null;
}
const CASES = JSON.parse(fixtureText('expected/exec-negative.json')) as Case[];
const { signal } = new AbortController();

let store: MemoryFileStore;
beforeEach(async () => {
  store = new MemoryFileStore();
  for (const path of fixturesBelow('exec')) await store.write(`/${path}`, [fixture(path)]);
});
const newestOf = async (history: string): Promise<string> =>
  `/${history}/${(await readHistoryFolder(store, `/${history}`, signal)).executions.at(-1)}`;

describe('offsets are gone on with', () => {
  const good = CASES.filter(({ verdict, history }) => verdict === 'ok' && !history.endsWith('stray-entries-last'));
  it.each(good)('$what', async ({ history, topics }) => {
    const offsets = await readStoredOffsets(store, await newestOf(history), signal);
    const expected = Object.entries(topics!).flatMap(([topic, partitions]) =>
      partitions.map(({ partition, offset, leaderId }) => [`${topic}-${partition}`, BigInt(offset), leaderId]),
    );
    expect([...offsets].map(([name, { next, leader }]) => [name, next, leader])).toEqual(expected);
  });
});

describe('no offset is used', () => {
  it.each(CASES.filter(({ verdict }) => verdict === 'error'))('$what', async ({ history, file }) => {
    const newest = await newestOf(history);
    await expect(readStoredOffsets(store, newest, signal)).rejects.toMatchObject({
      code: 'history-unusable',
      facts: { path: file === null ? newest : `${newest}/${file}` },
      message: expect.stringContaining(file === null ? newest : `${file} at byte `) as string,
    });
  });

  it('where Camus would take an entry for the newest execution that is none', async () => {
    await expect(readHistoryFolder(store, '/exec/negative/stray-entries-last', signal)).rejects.toMatchObject({
      code: 'history-unusable',
      message: expect.stringContaining('_distcp_logs_x') as string,
    });
  });
});
