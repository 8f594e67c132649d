// An archive of a layout that was only registered, with one line as docs/extending.md has it, is replayed whole by a
// real worker and its threads: its records in the replay topic, its offsets in the consumer group.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { extendBuild, type ExtendedBuild } from '../../support/extended-build.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { uniqueTopic } from '../../support/test-archive.ts';

const BEGAN = Date.UTC(2026, 10, 20, 10);

let build: ExtendedBuild;
let harness: ReplayHarness;

beforeAll(async () => {
  build = extendBuild(['test/layouts/ledger'], {
    file: 'layouts/registered.js',
    replace: 'export const layouts = { camus, ',
    by: "import { ledger } from '../test/layouts/ledger/layout.js';\nexport const layouts = { camus, ledger, ",
  });
  harness = await ReplayHarness.open(inject('stack'));
  await harness.startWorker({}, [], build.entry);
});
afterAll(async () => {
  await harness?.close();
  build?.remove();
});

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
