// An archive of a layout that was only registered, with one line, is replayed whole by a real worker: its records in
// the replay topic, its offsets in the consumer group.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { uniqueTopic } from '../../support/test-archive.ts';

const REGISTER = fileURLToPath(new URL('../../layouts/register-ledger.mjs', import.meta.url));
const BEGAN = Date.UTC(2026, 10, 20, 10);

let harness: ReplayHarness;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  await harness.startWorker({}, ['--import', REGISTER]);
});
afterAll(() => harness.close());

test('a layout of three files is replayed, and its offsets are committed', async () => {
  const topic = uniqueTopic();
  const dest = `${harness.folder}/ledger`;
  const expected: string[] = [];
  for (const [partition, first, last] of [
    [0, 0, 9],
    [0, 10, 12],
    [1, 0, 4],
  ] as const) {
    const lines = Array.from({ length: last - first + 1 }, (_, index) =>
      JSON.stringify({ timestamp: BEGAN + 100 * partition + first + index, partition, offset: first + index }),
    );
    expected.push(...lines);
    const path = `${dest}/${topic}/p${partition}/${first}-${last}@${BEGAN}.jsonl`;
    await harness.store.write(path, [Buffer.from(`${lines.join('\n')}\n`)]);
  }
  const next = { [topic]: { 0: '13', 1: '5' } };
  await harness.store.write(`${dest}/.runs/${BEGAN}.json`, [Buffer.from(JSON.stringify(next))]);
  await harness.createSource(topic, [
    { partition: 0, offset: 13n },
    { partition: 1, offset: 5n },
  ]);
  const result = await harness.replay({
    topic,
    archive: { layout: 'ledger', dest },
    time: { field: 'timestamp', format: 'unix_milliseconds' },
    offsets: { group: `${topic}-billing`, zookeeper: false, kafka: true },
  });
  expect(result.offsets).toMatchObject({ kafka: 'committed' });
  expect((await harness.read(`${topic}_REPLAY`)).map(({ value }) => value.toString())).toEqual(expected);
  const [group] = await harness.admin((admin) => admin.fetchOffsets({ groupId: `${topic}-billing`, topics: [topic] }));
  expect(group?.partitions.map(({ offset }) => offset).sort()).toEqual(['13', '5']);
});
