// Lines as Camus's StringRecordWriterProvider writes them, plain and compressed, with every way that Camus reads their
// times, and as anyone's tool writes them: the bytes of each line are published as they are, in the order of time.
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { expectedLines, expectValues, FIXTURES } from './fixture-expectations.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker({ REWIND_SPLIT_MIB: '0.004' });

const TOPICS = ['clicks_plain', 'clicks_gzip', 'clicks_deflate', 'clicks_snappy', 'clicks_snappy_small'];

beforeAll(async () => {
  const { harness } = shared;
  await harness.upload(`${FIXTURES}/text`, `${harness.folder}/dest`);
});

test.each(TOPICS)('%s', async (topic) => {
  const { harness } = shared;
  const formats = JSON.parse(await readFile(`${FIXTURES}/text/formats.json`, 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const { 'camus.message.timestamp.field': field = '', 'camus.message.timestamp.format': format = '' } =
    formats[topic]!;
  const replayTopic = `${topic}_${harness.id}`;
  const archive = { dest: `${harness.folder}/dest` };
  await harness.replay({ topic, replayTopic, archive, time: { field, format } });
  const messages = await harness.read(replayTopic);
  expectValues(messages, await expectedLines(`text/${topic}.lines`));
  const index = (await expectedLines(`text/${topic}.index.tsv`)).map((line) => line.toString().split('\t')[0]);
  expect(messages.map(({ timestamp }) => timestamp)).toEqual(index);
});

const LINE = '{"ts":1394355600007}';

test('lines without a usable time go out in the order of the files or of the offsets, and the result says so', async () => {
  const { harness } = shared;
  const topic = 'notes';
  const dest = `${harness.folder}/notes`;
  const put = (hour: string, name: string, ...lines: string[]): Promise<number> =>
    harness.store.write(`${dest}/notes/hourly/2014/03/09/${hour}/${name}`, [Buffer.from(lines.join('\n') + '\n')]);
  await put('01', 'notes.0.1.2.20.1394355600000', 'p1 to 20', 'not {json');
  await put('01', 'notes.0.0.1.30.1394355600000', LINE);
  await put('02', 'notes.0.0.1.10.1394355600000', 'p0 to 10');
  const read = async (replayTopic: string): Promise<string[]> =>
    (await harness.read(replayTopic)).map(({ value }) => value.toString());
  const started = Date.now();
  const time = { field: 'ts', format: 'unix_milliseconds' };
  for (const [order, expected] of [
    ['file', [LINE, 'p1 to 20', 'not {json', 'p0 to 10']],
    ['offset', ['p0 to 10', 'p1 to 20', 'not {json', LINE]],
  ] as const) {
    const replayTopic = `notes_${order}_${harness.id}`;
    const result = await harness.replay({ topic, replayTopic, archive: { dest }, time, order });
    expect(result).toMatchObject({ order, records: { published: '4', skipped: 0 } });
    expect(result.firstTime).toBeUndefined();
    expect(await read(replayTopic)).toEqual(expected);
    const stamps = (await harness.read(replayTopic)).map(({ timestamp }) => Number(timestamp));
    expect(stamps.filter((stamp) => stamp >= started).length).toBe(3);
    expect(stamps[expected.indexOf(LINE)]).toBe(1_394_355_600_007);
  }
});

test('the time of a log line by a regular expression, in a zone of its own', async () => {
  const { harness } = shared;
  const path = `${harness.folder}/logs/access.log`;
  const lines = ['b - 2014-11-02 10:00:01 "x"', 'a - 2014-11-02 10:00:00 "é☃"', 'c - 2014-11-02 11:00:00'];
  await harness.store.write(path, [Buffer.from(lines.join('\n'))]);
  const replayTopic = `logs_${harness.id}`;
  await harness.replay({
    topic: 'logs',
    replayTopic,
    archive: { input: path },
    time: { pattern: '^\\w+ - (\\S+ \\S+)', format: 'yyyy-MM-dd HH:mm:ss', timeZone: 'Europe/Berlin' },
  });
  const messages = await harness.read(replayTopic);
  expect(messages.map(({ value }) => value.toString())).toEqual([lines[1], lines[0], lines[2]]);
  expect(messages[0]!.timestamp).toBe(String(Date.parse('2014-11-02T09:00:00Z')));
});
