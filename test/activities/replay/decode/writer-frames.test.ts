// Each record of an archive is published by the schema of its own file, behind the id that the registry has for it: what a
// consumer of the live topic was sent. Ids are those of when the job began, and one that can't be known is never guessed.
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeToMemory } from '../../../support/decode-to-memory.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { MemoryRegistry } from '../../../support/memory-registry.ts';
import { MemoryWorker } from '../../../support/memory-worker.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { timesContainer } from '../../../support/times-container.ts';
import type { ReplayJob } from '../../../../activities/replay/job/replay-job.ts';
import { Staging } from '../../../../activities/replay/staging.ts';
import { pinnedSchema } from '../../../../activities/replay/decode/pinned-schema.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { parseSchema } from '../../../../formats/avro/schema/parse-schema.ts';
import { long } from '../../../formats/avro/container-bytes.ts';
import { formatErrorOf } from '../../../formats/support/fixture-files.ts';

const AT = 1_414_915_500_000;
const schemaOf = (name: string, type: unknown = 'long', more: object = {}): string =>
  JSON.stringify({ type: 'record', name, namespace: 'a', fields: [{ name: 'time', type, ...more }] });
const stamp = (unit: string): object => ({ type: 'long', logicalType: `timestamp-${unit}` });
const output = { encoding: 'avro-binary', frame: 'writer' } as const;

let registry: MemoryRegistry;
beforeEach(() => {
  registry = new MemoryRegistry();
  // Ids are not versions.
  for (const n of [1, 2, 3, 4]) registry.register('others', schemaOf(`Other${n}`));
});

async function begun(subject?: string): Promise<{ job: ReplayJob; frames: string }> {
  const worker = new MemoryWorker(new MemoryFileStore());
  worker.deps.registry = () => registry;
  const input = { topic: 'events', archive: { input: '/in' }, output: { ...output, subject } };
  const job = await worker.validate(input, 'events/run-1');
  return { job, frames: (await pinnedSchema(new Staging(worker.store, job.staging), job, worker.context.signal))! };
}

/** What a job pins when it begins. */
async function pinned(subject?: string): Promise<string> {
  return (await begun(subject)).frames;
}

async function ids(frames: string, ...writers: string[]): Promise<number[]> {
  const files = writers.map((writer, n) => ({ path: `/in/${n}.avro`, bytes: timesContainer(writer, [AT + n]) }));
  const { records } = await decodeToMemory(files, replayJob({ output }), { schema: frames });
  return records.map(({ value }, n) => {
    expect(value.subarray(5)).toEqual(long(AT + n));
    expect(value[0]).toBe(0);
    return value.readInt32BE(1);
  });
}

describe('the id in front of a record', () => {
  it('is that of the schema that its file has', async () => {
    const [a, b] = ['A', 'B'].map((name) => registry.register('events-value', schemaOf(name)));
    expect(await ids(await pinned(), schemaOf('B'), schemaOf('A'), schemaOf('B'))).toEqual([b, a, b]);
  });

  it('is found where a writer of files spells the schema in another way', async () => {
    const id = registry.register('events-value', schemaOf('A', stamp('millis')));
    const java = `{"type":"record","name":"A","namespace":"a","doc":"x","fields":[{"name":"time","type":${JSON.stringify(stamp('millis'))}}]}`;
    const full = JSON.stringify({ name: 'a.A', fields: [{ type: stamp('millis'), name: 'time' }], type: 'record' });
    expect(await ids(await pinned(), java, full)).toEqual([id, id]);
  });

  it('is of the version that is the same to the letter, then in its meaning, then the newest to the encoding', async () => {
    const [plain, millis, old] = [schemaOf('A'), schemaOf('A', stamp('millis')), schemaOf('A', 'long', { doc: 'old' })];
    const [one, two, three] = [plain, millis, old].map((schema) => registry.register('events-value', schema));
    expect(await ids(await pinned(), plain, millis, old)).toEqual([one, two, three]);
    expect(await ids(await pinned(), schemaOf('A', stamp('micros')))).toEqual([three]);
    expect(await ids(await pinned(), schemaOf('A', stamp('millis'), { doc: 'new' }))).toEqual([two]);
  });

  it('stays what it was when the job began', async () => {
    const id = registry.register('events-value', schemaOf('A'));
    const frames = await pinned();
    registry.register('events-value', schemaOf('A', 'long', { doc: 'later' }));
    expect(await ids(frames, schemaOf('A', 'long', { doc: 'later' }))).toEqual([id]);
  });

  it('is of the subject that is named, and of what it refers to', async () => {
    registry.register('time', JSON.stringify({ type: 'fixed', name: 'a.Time', size: 8 }));
    const refers = schemaOf('A', ['long', 'Time']);
    const id = registry.register('own', refers, [{ name: 'a.Time', subject: 'time', version: 1 }]);
    const whole = schemaOf('A', ['long', { type: 'fixed', name: 'Time', size: 8 }]);
    const file = { path: '/in/a.avro', bytes: timesContainer(whole, []) };
    const decoded = await decodeToMemory([file], replayJob({ output }), { schema: await pinned('own') });
    expect(decoded.records).toEqual([]);
    expect(Object.values((JSON.parse(await pinned('own')) as { ids: Record<string, number> }).ids)).toContain(id);
  });
});

describe('a worker of a release that has no such frame', () => {
  it('fails, as it takes the ids for the output schema, and publishes no record without its frame', async () => {
    registry.register('events-value', schemaOf('A'));
    const { job, frames } = await begun();
    // As they ask whether something is pinned.
    expect(job.output.schema !== undefined || job.frameId !== undefined).toBe(true);
    expect(() => parseSchema(frames)).toThrow(FormatError);
  });

  it('leaves nothing in front of records that are only looked at', async () => {
    registry.register('events-value', schemaOf('A'));
    const { job } = await begun();
    const file = { path: '/in/a.avro', bytes: timesContainer(schemaOf('A'), [AT]) };
    const { records } = await decodeToMemory([file], { ...replayJob({ output }), frameId: job.frameId });
    expect(records[0]?.value).toEqual(long(AT));
  });
});

describe('a schema that has no id', () => {
  it('is an error that names the file, the subject and what to do', async () => {
    registry.register('events-value', schemaOf('A'));
    registry.register('events-value', '{"a": "message"}', [], 'JSON');
    const frames = await pinned();
    const error = await formatErrorOf(() => ids(frames, schemaOf('A'), schemaOf('B')));
    expect(error).toMatchObject({ fault: 'schema' });
    expect(error.message).toMatch(/\/in\/1\.avro.*output\.subject.*output\.frame/);
    expect(error.message).toContain('one of the 2 versions of events-value in schema registry in memory');
  });

  it('is one whose bytes another would read', async () => {
    registry.register('events-value', schemaOf('A', 'int'));
    const frames = await pinned();
    expect((await formatErrorOf(() => ids(frames, schemaOf('A')))).fault).toBe('schema');
  });

  it('is told when the job begins where the subject has none at all', async () => {
    await expect(pinned()).rejects.toMatchObject({
      code: 'schema-unusable',
      message: expect.stringMatching(/no Avro schema of the subject events-value.*output\.subject/) as string,
    });
  });
});
