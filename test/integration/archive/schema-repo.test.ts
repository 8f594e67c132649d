// Camus's own frame of Avro with a schema-repo (AVRO-1124), whose ids count from 0 in each subject: the same id is another
// schema in another topic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avsc from 'avsc';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { schemaRepoServer } from '../../connections/registry/rest-servers.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { framed } from '../../support/confluent-frame.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

const TIME = Date.UTC(2026, 10, 20, 10);
const recordOf = (name: string, ...fields: object[]): object => ({
  type: 'record',
  name,
  fields: [{ name: 'timestamp', type: 'long' }, ...fields],
});
const CLICK = recordOf('Click', { name: 'n', type: 'int' });
const CLICK_2 = recordOf('Click', { name: 'n', type: 'int' }, { name: 'tag', type: 'string', default: 'none' });
const VIEW = recordOf('View', { name: 'page', type: 'string' });
/** Records of partition 0, as the harness reads them from an archive. */
const jsonOf = (...records: object[]): Map<number, string[]> =>
  new Map([[0, records.map((record) => JSON.stringify(record))]]);
const encode = (schema: object, value: object): Buffer => avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value);

let harness: ReplayHarness;
let repo: Awaited<ReturnType<typeof schemaRepoServer>>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rewind-schema-repo-'));
  repo = await schemaRepoServer();
  const config = join(folder, 'worker.json');
  writeFileSync(
    config,
    JSON.stringify({ connections: { registry: { default: { kind: 'schema-repo', urls: [repo.url] } } } }),
  );
  harness = await ReplayHarness.open(inject('stack'));
  await harness.startWorker({ REWIND_CONFIG: config });
});
afterAll(async () => {
  await harness?.close();
  repo?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('archives each topic by the schemas of its own subject, and replays it', async () => {
  const archive = new ArchiveHarness(harness, 'schema-repo');
  const [clicks, views] = [archive.topic('clicks'), archive.topic('views')];
  for (const schema of [CLICK, CLICK_2]) repo.register(clicks, JSON.stringify(schema));
  expect(repo.register(views, JSON.stringify(VIEW))).toBe(0);
  await archive.createTopic(clicks, 1);
  await archive.createTopic(views, 1);
  const unknown = framed(7, encode(CLICK, { timestamp: TIME, n: 7 }));
  await archive.produce(
    clicks,
    [
      framed(0, encode(CLICK, { timestamp: TIME, n: 0 })),
      framed(1, encode(CLICK_2, { timestamp: TIME + 1000, n: 1, tag: 'new' })),
      unknown,
    ].map((value) => ({ value })),
  );
  await archive.produce(views, [{ value: framed(0, encode(VIEW, { timestamp: TIME, page: 'home' })) }]);
  const job = archive.job({
    topics: { include: [clicks, views] },
    value: 'registry',
    subject: '{topic}',
    files: { timeZone: 'UTC' },
    badData: { policy: 'skip' },
  });
  const result = await archive.run(job);
  expect(result).toMatchObject({ records: '3', offsetsLeft: '0', problems: [], left: { 'unknown-schema': 1 } });
  expect(await archive.lines(clicks)).toEqual(
    jsonOf({ timestamp: TIME, n: 0, tag: 'none' }, { timestamp: TIME + 1000, n: 1, tag: 'new' }),
  );
  expect(await archive.lines(views)).toEqual(jsonOf({ timestamp: TIME, page: 'home' }));
  const replayed = await harness.replay({
    topic: clicks,
    archive: { dest: archive.dest, history: archive.history, timeZone: 'UTC' },
    output: { encoding: 'avro-binary', frame: 'latest', subject: '{topic}' },
    offsets: { group: `main-${clicks}`, kafka: true, zookeeper: false },
  });
  expect(replayed.offsets).toMatchObject({ kafka: 'committed', offsets: [{ partition: '0', offset: '3' }] });
  const latest = avsc.Type.forSchema(CLICK_2 as avsc.Schema);
  expect(
    (await harness.read(`${clicks}_REPLAY`)).map(({ value }) => [
      value.readInt32BE(1),
      { ...(latest.fromBuffer(value.subarray(5)) as object) },
    ]),
  ).toEqual([
    [1, { timestamp: TIME, n: 0, tag: 'none' }],
    [1, { timestamp: TIME + 1000, n: 1, tag: 'new' }],
  ]);
});
