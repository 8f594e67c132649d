// What says that an execution was recorded is believed where it says so, and never guessed.
import { expect, it } from 'vitest';
import { ArchiveFolders } from '../../../../activities/archive/archive-folders.ts';
import type { DecisionHead } from '../../../../activities/archive/decision/decision.ts';
import { isRecorded } from '../../../../activities/archive/decision/record-decision.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { E1, E2, jobOf } from '../pulled-run.ts';

const { signal } = new AbortController();
const folders = new ArchiveFolders(jobOf('a/1'));
const look = (store: MemoryFileStore): Promise<boolean> =>
  isRecorded(store, folders, { predecessor: E1, execution: E2 } as DecisionHead, signal);

it.each([
  [`{"execution":"${E2}"}\n`, true],
  [`{"execution":"${E1}"}\n`, false],
])('an execution that is noted as %j was recorded: %j', async (text, recorded) => {
  const store = new MemoryFileStore();
  expect(await look(store)).toBe(false);
  await store.write(folders.recorded(E1), [Buffer.from(text)]);
  expect(await look(store)).toBe(recorded);
});

it.each(['', '{"execution', '{}'])('a note of %j is an error that names it, and what it should say', async (text) => {
  const store = new MemoryFileStore();
  await store.write(folders.recorded(E1), [Buffer.from(text)]);
  await expect(look(store)).rejects.toMatchObject({
    code: 'archive-file-damaged',
    message: expect.stringMatching(
      new RegExp(`^${folders.recorded(E1)}: expected .*replace it by {"execution":"${E2}"}`),
    ) as string,
  });
});
