// Who works on an EXEC: one run at a time, taken over from runs that have ended, whatever happens in between.
import { beforeEach, describe, expect, it } from 'vitest';
import { forgetClaimsBefore, takeClaim } from '../../../../activities/archive/history/claim.ts';
import type { TemporalServer } from '../../../../activities/step/temporal-server.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

const FOLDER = '/exec/.rewind/claims';
const signal = new AbortController().signal;

const server = (...running: string[]): TemporalServer => ({
  namespace: 'default',
  isRunning: async ({ workflowId, runId }) => running.includes(`${workflowId}/${runId}`),
  keywordAttributes: async () => [],
});

describe('the claim of an archive', () => {
  let store: MemoryFileStore;

  beforeEach(() => {
    store = new MemoryFileStore();
  });
  const takeFor = (id: string, dest: string, ...running: string[]): ReturnType<typeof takeClaim> =>
    takeClaim(store, FOLDER, { id, dest }, server(...running), signal);
  const take = async (id: string, ...running: string[]): Promise<void> => {
    const { number } = await takeFor(id, '/dest', ...running);
    await forgetClaimsBefore(store, FOLDER, number, signal);
  };
  const files = async (): Promise<string[]> => {
    const paths = [];
    for await (const { path } of store.list(FOLDER)) paths.push(path);
    return paths;
  };

  it('is taken, and taken again by the same run', async () => {
    await take('a/1');
    await take('a/1', 'a/1');
    expect(await files()).toEqual([`${FOLDER}/1.json`]);
  });

  it('is refused to another run while its owner goes on, whose name the error has', async () => {
    await take('a/1');
    await expect(take('b/2', 'a/1')).rejects.toMatchObject({
      code: 'archive-running',
      message: expect.stringContaining('a/1') as string,
    });
    expect(await files()).toEqual([`${FOLDER}/1.json`]);
  });

  it('is taken over from a run that has ended, and leaves no other files', async () => {
    await take('a/1');
    await take('b/2');
    expect(await files()).toEqual([`${FOLDER}/2.json`]);
    await expect(take('a/1', 'b/2')).rejects.toMatchObject({ code: 'archive-running' });
  });

  it('is refused where a run of another namespace has it, of which nobody here can say whether it goes on', async () => {
    await take('a/1');
    const there = { ...server(), namespace: 'staging' };
    await expect(takeClaim(store, FOLDER, { id: 'b/2', dest: '/dest' }, there, signal)).rejects.toMatchObject({
      code: 'archive-running',
      message: expect.stringMatching(/namespace default .* delete .*1\.json/) as string,
    });
    expect(await files()).toEqual([`${FOLDER}/1.json`]);
    await store.delete(`${FOLDER}/1.json`);
    await takeClaim(store, FOLDER, { id: 'b/2', dest: '/dest' }, there, signal);
  });

  it('is taken over from a run of an older release, which wrote no namespace', async () => {
    await store.write(`${FOLDER}/7.json`, [Buffer.from('{"job":"a/1","since":1,"dest":"/dest"}')]);
    await take('b/2');
    expect(await files()).toEqual([`${FOLDER}/8.json`]);
  });

  it.each(['', 'no JSON', '{"job": 1}'])(
    'is not taken over from a file that says %j, which the error names',
    async (text) => {
      await store.write(`${FOLDER}/1.json`, [Buffer.from(text)]);
      await expect(take('a/1')).rejects.toMatchObject({
        code: 'archive-file-damaged',
        message: expect.stringContaining(`${FOLDER}/1.json: expected the claim of an archive`) as string,
      });
    },
  );

  it('tells each earlier DEST until what is there was brought to an end, and forgets none that it has not told', async () => {
    await takeFor('a/1', '/first');
    await takeFor('b/2', '/second');
    const { number } = await takeFor('c/3', '/third');
    expect(await takeFor('c/3', '/third', 'c/3')).toEqual({ number, dests: ['/first', '/second'] });
    // Whoever slept as it held the claim before cleans up now.
    await forgetClaimsBefore(store, FOLDER, number - 1, signal);
    expect(await takeFor('c/3', '/third', 'c/3')).toEqual({ number, dests: ['/second'] });
    await forgetClaimsBefore(store, FOLDER, number, signal);
    expect(await takeFor('c/3', '/third', 'c/3')).toEqual({ number, dests: [] });
  });

  it('is not held by who slept until its number was free again', async () => {
    await take('old/1');
    const rename = store.rename.bind(store);
    store.rename = async (...args) => {
      // It sleeps in front of its rename, while others take over, and over again.
      store.rename = rename;
      await take('b/2');
      await take('c/3');
      return rename(...args);
    };
    await expect(take('a/1', 'c/3')).rejects.toMatchObject({ code: 'archive-running', facts: { job: 'c/3' } });
    expect(await files()).toEqual([`${FOLDER}/3.json`]);
  });

  it('goes to one of many that come at once for a claim whose owner has ended', async () => {
    await take('old/1');
    const running = Array.from({ length: 8 }, (_, n) => `w${n}/1`);
    const results = await Promise.allSettled(running.map((id) => take(id, ...running)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await files()).toEqual([`${FOLDER}/2.json`]);
  });
});
