// A job's folder: what is in place is whole and never replaced, two attempts never mix, and an attempt that outlives
// its job leaves nothing behind.
import { describe, expect, it } from 'vitest';
import { Staging, stagingFolder } from '../../../activities/replay/staging.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { replayJob } from '../../support/replay-job.ts';

const FOLDER = '/tmp/rewind/events/run-1';

async function begun(store = new MemoryFileStore()) {
  const staging = new Staging(store, FOLDER);
  await staging.begin(replayJob());
  return { store, staging };
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

async function pathsBelow(store: MemoryFileStore, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path, kind } of store.list(folder))
    paths.push(...(kind === 'directory' ? await pathsBelow(store, path) : [path]));
  return paths;
}

describe('a staging folder', () => {
  it('keeps what the first attempt put in place, and gives it to every later one', async () => {
    const { store, staging } = await begun();
    expect(text(await staging.putSmall(staging.offsets, Buffer.from('first')))).toBe('first');
    expect(text(await staging.putSmall(staging.offsets, Buffer.from('second')))).toBe('first');
    expect(await staging.put(staging.offsets, [Buffer.from('third')])).toBe(false);
    expect(text(await staging.readSmall(staging.offsets))).toBe('first');
    expect(await pathsBelow(store, FOLDER)).toEqual([staging.beginning, staging.offsets]);
  });

  it('takes the file of whichever of two attempts is first', async () => {
    const { store, staging } = await begun();
    const put = (content: string) => staging.put(staging.manifest, [Buffer.from(content)]);
    const won = await Promise.all([put('a'), put('b'), put('c')]);
    expect(won.filter(Boolean).length).toBe(1);
    expect(text(await staging.readSmall(staging.manifest))).toBe('abc'[won.indexOf(true)]);
    expect((await pathsBelow(store, FOLDER)).length).toBe(2);
  });

  it('never shows what is half written, and keeps nothing of an attempt that broke', async () => {
    const { store, staging } = await begun();
    const breaking = function* (): Generator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('broken off');
    };
    await expect(staging.put(staging.manifest, breaking())).rejects.toThrow('broken off');
    expect(await pathsBelow(store, FOLDER)).toEqual([staging.beginning]);
    expect(await staging.put(staging.manifest, [Buffer.from('whole')])).toBe(true);
  });

  it('knows nothing of what is not there', async () => {
    const { staging } = await begun();
    expect(await staging.readSmall(staging.schema)).toBeUndefined();
  });

  it('that is gone while a job runs is an error with what to do, and does not come back', async () => {
    const { store, staging } = await begun();
    const cleaning = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('late');
      await store.delete(FOLDER, { recursive: true });
    };
    await expect(staging.put(staging.manifest, cleaning())).rejects.toThrow();
    expect(await store.status(FOLDER)).toBeUndefined();
  });

  it('begins once, whoever begins it', async () => {
    const { store, staging } = await begun();
    await staging.putSmall(staging.offsets, Buffer.from('pinned'));
    const later = await new Staging(store, FOLDER).begin(replayJob({ from: 5 }));
    expect(text(await staging.readSmall(staging.offsets))).toBe('pinned');
    expect(later).toMatchObject({ layout: 2, job: { id: 'replay-events/run-1', topic: 'events' } });
    expect(later.job.from).toBeUndefined();
    expect(await staging.readBeginning()).toEqual(later);
  });

  // The first attempt is cut off while the second one has written its file and not renamed it.
  it('begins though another attempt to begin it breaks off at the same moment', async () => {
    const store = new MemoryFileStore();
    const rename = store.rename.bind(store);
    const write = store.write.bind(store);
    store.rename = async (...rest) => {
      store.write = () => Promise.reject(new Error('broken off'));
      await expect(new Staging(store, FOLDER).begin(replayJob())).rejects.toThrow('broken off');
      store.write = write;
      return rename(...rest);
    };
    const staging = new Staging(store, FOLDER);
    expect(await staging.begin(replayJob())).toMatchObject({ job: { topic: 'events' } });
    store.rename = rename;
    expect(await staging.put(staging.sorted('split-0'), [Buffer.from('x')])).toBe(true);
  });

  it('has a name that a person can read, in characters that HDFS takes', () => {
    expect(stagingFolder('/tmp/rewind/', 'events', 'replay events/1:ä')).toBe(
      '/tmp/rewind/events/replay_20events_2F1_3A_C3_A4',
    );
    expect(stagingFolder('/tmp', 't', 'a/b')).not.toBe(stagingFolder('/tmp', 't', 'a_b'));
  });

  it('has a name that HDFS takes, however long the id of the workflow is', () => {
    const [one, other] = ['1', '2'].map((run) => stagingFolder('/tmp', 't', `${'ä'.repeat(500)}/${run}`));
    expect(one?.length).toBeLessThan(250);
    expect(one).not.toBe(other);
    expect(one).toBe(stagingFolder('/tmp', 't', `${'ä'.repeat(500)}/1`));
  });

  it('keeps errors beside itself, where cleaning does not reach', async () => {
    const { staging } = await begun();
    expect(staging.errors(3)).toBe(`${FOLDER}.errors/split-3.jsonl`);
  });
});
