// A HISTORY without an execution over a DEST that holds data: a path was left out or misspelled, and all that Kafka still
// holds would be archived a second time. That is an error, and never a silent first run.
import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../connections/connection-error.ts';
import { PlannedArchive } from './planned-archive.ts';
import { DEST } from './pulled-run.ts';

const OTHER = '/exec/base/history';
const EXECUTION = '2014-11-03-11-10-02';

let archive: PlannedArchive;
let file: string;

beforeEach(async () => {
  archive = new PlannedArchive();
  await archive.topic('t', 0, 100);
  file = await archive.file('t', 81, 81);
});

describe('data of the topics below DEST, and no execution in HISTORY', () => {
  it.each(['fail', 'quarantine'] as const)('end a run with leftovers %s, and nothing is moved', async (leftovers) => {
    await expect(archive.plan('a/1', { leftovers })).rejects.toMatchObject({
      code: 'archive-leftovers',
      facts: { examples: [file], history: '/exec/history' },
      message: expect.stringMatching(
        /\/dest\/t\/hourly.*\/exec\/history has no execution.*\/exec\/base\/history.*has none either/,
      ) as string,
    });
    expect(await archive.below(DEST)).toEqual([file]);
  });

  it('says why quarantine moves nothing', async () => {
    await expect(archive.plan('a/1', { leftovers: 'quarantine' })).rejects.toThrow(/"quarantine" moves nothing here/);
  });

  it('asks whether the other history was meant, where that has executions', async () => {
    await archive.camusExecution(OTHER, EXECUTION, { t: 81 });
    await expect(archive.plan('a/1')).rejects.toThrow(
      `${OTHER} has 1 execution, the newest ${EXECUTION}: did you mean "history": "${OTHER}"?`,
    );
    await expect(archive.plan('b/2', { history: OTHER })).resolves.toMatchObject({ offsets: '19' });
  });

  it('is a deliberate start with leftovers ignore', async () => {
    await expect(archive.plan('a/1', { leftovers: 'ignore' })).resolves.toMatchObject({ offsets: '100' });
  });

  it('are told by the plan, which is not ready', async () => {
    await archive.camusExecution(OTHER, EXECUTION, { t: 81 });
    const plan = await archive.describe();
    expect(plan).toMatchObject({ ready: false, predecessor: undefined, leftovers: { examples: [file] } });
    expect(plan.leftovers.problem).toContain(`did you mean "history": "${OTHER}"?`);
    expect(await archive.describe({ leftovers: 'ignore' })).toMatchObject({ ready: true });
  });
});

it('looks no further than the first few files', async () => {
  for (let next = 100; next < 200; next++) await archive.file('t', 1, next);
  await expect(archive.plan('a/1')).rejects.toMatchObject({ facts: { examples: { length: 10 } } });
});

it('ends a run also where the files are gone from DEST, as a sweeper takes them, and the other history has executions', async () => {
  await archive.store.delete(file);
  await expect(archive.plan('a/1')).resolves.toMatchObject({ offsets: '100' });
  await archive.camusExecution(OTHER, EXECUTION, { t: 81 });
  await expect(archive.plan('b/2')).rejects.toMatchObject({ code: 'archive-leftovers' });
  expect(await archive.describe()).toMatchObject({ ready: false });
});

it('begins beside data of other topics, of other names and of hidden folders', async () => {
  await archive.store.delete(file);
  await archive.file('u', 81, 81);
  await archive.store.write(`${DEST}/t/hourly/part-00000`, [Buffer.from('of somebody')]);
  await archive.store.write(`${DEST}/t/.bad/t.1.0.1.1.0.avro`, [Buffer.from('bad')]);
  await archive.store.write(`${DEST}/.rewind/0/run/t.1.0.1.1.0.avro`, [Buffer.from('undecided')]);
  expect(await archive.describe()).toMatchObject({ ready: true, leftovers: { files: 0 } });
  await expect(archive.plan('a/1')).resolves.toMatchObject({ offsets: '100' });
});

it('leaves what was decided to the step that finishes it: its files are there, and its execution is not', async () => {
  await archive.store.delete(file);
  await archive.topic('quiet', 5, 5);
  const input = { topics: { include: ['quiet'] } };
  await archive.plan('a/1', input);
  await archive.decide('a/1', input);
  await archive.file('quiet', 5, 5);
  expect(await archive.describe(input)).toMatchObject({ ready: true, leftovers: { files: 0 } });
  await expect(archive.plan('b/2', input)).resolves.toMatchObject({ predecessor: undefined });
});

it('is told by the plan where the execution was recorded, and taken away', async () => {
  await archive.store.delete(file);
  const execution = await archive.record('a/1', { start: 'latest' });
  await archive.file('t', 100, 100);
  expect(await archive.describe()).toMatchObject({ ready: true, predecessor: execution, leftovers: { files: 0 } });
  await archive.store.delete(`/exec/history/${execution}`, { recursive: true });
  expect(await archive.describe()).toMatchObject({ ready: false, leftovers: { files: 1 } });
});

it('leaves a topic whose folder is a file, or shows nothing to the login, to be a problem of its own', async () => {
  const { store } = archive;
  await store.delete(`${DEST}/t`, { recursive: true });
  await store.write(`${DEST}/t`, [Buffer.from('a file')]);
  await expect(archive.plan('a/1')).resolves.toMatchObject({ offsets: '100' });
  const list = store.list.bind(store);
  store.list = (path, signal) => {
    if (path === `${DEST}/t`) throw new ConnectionError('denied', 'Permission denied');
    return list(path, signal);
  };
  await expect(archive.plan('b/2')).resolves.toMatchObject({ offsets: '100' });
});
