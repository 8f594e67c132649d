// An archive of a registry's values comes back in the frame that the live topic has, so that one consumer reads both.
import avsc from 'avsc';
import { expect, it } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { framed } from '../../support/confluent-frame.ts';
import { RegistryWorker } from '../../support/registry-worker.ts';

const shared = new RegistryWorker();

const TIME = Date.UTC(2026, 10, 20, 10);
const V1 = {
  type: 'record',
  name: 'Click',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'n', type: 'int' },
  ],
};
const V2 = { ...V1, fields: [...V1.fields, { name: 'tag', type: 'string', default: 'none' }] };

const encode = (schema: object, value: object): Buffer => avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value);

it('publishes each record behind the id of its own schema, as the live topic has it', async () => {
  const archive = new ArchiveHarness(shared.harness, 'framed_own');
  const topic = archive.topic('own-clicks');
  const ids: number[] = [];
  for (const schema of [V1, V2]) ids.push(await shared.registry.register(`${topic}-value`, JSON.stringify(schema)));
  await archive.createTopic(topic, 1, [{ name: 'retention.ms', value: '-1' }]);
  const live = [0, 1, 2, 3].map((n) =>
    n % 2 === 0
      ? framed(ids[0]!, encode(V1, { time: TIME + n, n }))
      : framed(ids[1]!, encode(V2, { time: TIME + n, n, tag: `t${n}` })),
  );
  await archive.produce(
    topic,
    live.map((value) => ({ value })),
  );
  const job = archive.job({
    topics: { include: [topic] },
    value: 'registry',
    schema: 'writer',
    time: { field: 'time' },
  });
  expect(await archive.run(job)).toMatchObject({ records: '4', files: 2, problems: [] });
  const replay = {
    topic,
    archive: { dest: archive.dest },
    output: { encoding: 'avro-binary', frame: 'writer' },
  } as const;
  await shared.harness.replay({ ...replay, replayTopic: `${topic}_own` });
  expect((await shared.harness.read(`${topic}_own`)).map(({ value }) => value.toString('hex'))).toEqual(
    live.map((value) => value.toString('hex')),
  );
  const other = `${topic}_other`;
  await shared.registry.register(other, JSON.stringify(V2));
  const failed = await shared.harness.failure({ ...replay, output: { ...replay.output, subject: other } });
  expect(failed.message).toMatch(/the schema of the file has no id in the registry.*output\.subject/);
});

it('publishes what a consumer of the live topic reads, by the latest schema or by that of an id', async () => {
  const archive = new ArchiveHarness(shared.harness, 'framed');
  const topic = archive.topic('clicks');
  const subject = `${topic}-value`;
  const one = await shared.registry.register(subject, JSON.stringify(V1));
  await archive.createTopic(topic, 1, [{ name: 'retention.ms', value: '-1' }]);
  const click = (n: number): object => ({ time: TIME + n, n });
  await archive.produce(
    topic,
    [0, 1].map((n) => ({ value: framed(one, encode(V1, click(n))) })),
  );
  const job = archive.job({ topics: { include: [topic] }, value: 'registry', time: { field: 'time' } });
  expect(await archive.run(job)).toMatchObject({ records: '2', problems: [] });
  // The second file is of another schema than the first.
  const two = await shared.registry.register(subject, JSON.stringify(V2));
  const newer = framed(two, encode(V2, { ...click(2), tag: 't' }));
  await archive.produce(topic, [{ value: newer }]);
  expect(await archive.run(job)).toMatchObject({ records: '1', problems: [] });

  const replay = (replayTopic: string, frame: 'latest' | number): Promise<unknown> =>
    shared.harness.replay({
      topic,
      replayTopic,
      archive: { dest: archive.dest },
      output: { encoding: 'avro-binary', frame },
    });
  const valuesOf = async (name: string): Promise<string[]> =>
    (await shared.harness.read(name)).map(({ value }) => value.toString('hex'));
  await replay(`${topic}_latest`, 'latest');
  expect(await valuesOf(`${topic}_latest`)).toEqual([
    framed(two, encode(V2, { ...click(0), tag: 'none' })).toString('hex'),
    framed(two, encode(V2, { ...click(1), tag: 'none' })).toString('hex'),
    newer.toString('hex'),
  ]);
  await replay(`${topic}_one`, one);
  expect(await valuesOf(`${topic}_one`)).toEqual(
    [0, 1, 2].map((n) => framed(one, encode(V1, click(n))).toString('hex')),
  );

  const unknown = {
    topic,
    archive: { dest: archive.dest },
    output: { encoding: 'avro-binary', frame: 99_999 },
  } as const;
  expect((await shared.harness.failure(unknown)).message).toContain('the registry has none');
  const elsewhere = { ...unknown, output: { ...unknown.output, frame: 'latest', subject: 'nobody' } } as const;
  expect((await shared.harness.failure(elsewhere)).message).toContain('no subject nobody');
});
