// Two thousand topics, on servers of their own: each record once, a bounded history, and no work where nothing is new.
import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRewindJson } from '../../../activities/archive/history/rewind-json.ts';
import { createTopics } from '../../../scripts/stack/create-topics.ts';
import type { Stack } from '../../../scripts/stack/development-stack.ts';
import { startStack } from '../../../scripts/stack/start-stack.ts';
import type { ArchiveResult } from '../../../workflows/archive/archive-result.ts';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

const TOPICS = 2000;
const AT_ONCE = 100;
/** Of a run, whatever the number of topics. */
const MOST_EVENTS = 5000;

let stack: Stack;
let harness: ReplayHarness;
let archive: ArchiveHarness;
let names: string[];
beforeAll(async () => {
  stack = await startStack({ name: `many-${randomBytes(4).toString('hex')}`, owned: true });
  harness = await ReplayHarness.open(stack.addresses);
  await harness.startWorker();
  archive = new ArchiveHarness(harness, 'many');
  names = Array.from({ length: TOPICS }, (_, number) => archive.topic(`many_${number}`));
  for (let at = 0; at < TOPICS; at += AT_ONCE) {
    const topics = names.slice(at, at + AT_ONCE).map((topic) => ({ topic, numPartitions: 1 }));
    await archive.admin((admin) => createTopics(admin, topics));
  }
});
afterAll(async () => {
  await harness?.close();
  await stack?.down({ deleteData: true });
});

/** One record into each of these. */
async function fill(topics: readonly string[]): Promise<void> {
  const producer = archive.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = [{ value: JSON.stringify({ timestamp: Date.now() }) }];
  for (let at = 0; at < topics.length; at += AT_ONCE)
    await producer.sendBatch({
      topicMessages: topics.slice(at, at + AT_ONCE).map((topic) => ({ topic, messages })),
    });
  await producer.disconnect();
}

async function run(): Promise<{ result: ArchiveResult; handle: WorkflowHandle }> {
  const handle = await archive.start(archive.job({ topics: { include: [archive.topic('many_[0-9]+')] } }));
  const result = (await handle.result()) as ArchiveResult;
  expect((await handle.describe()).historyLength).toBeLessThan(MOST_EVENTS);
  return { result, handle };
}

/** The next offset of each topic in the execution of a run. */
async function nextOf({ execution }: ArchiveResult): Promise<Map<string, string>> {
  const told = await readRewindJson(harness.store, `${archive.history}/${execution}`, new AbortController().signal);
  return new Map(told?.partitions.map(({ topic, next }) => [topic, next]));
}

it('archives one record of each, reads nothing where nothing is new, and then what is new alone', async () => {
  await fill(names);
  const first = await run();
  expect(first.result).toMatchObject({ topics: TOPICS, partitions: TOPICS, files: TOPICS, records: String(TOPICS) });
  expect(first.result.problems).toEqual([]);
  expect(await nextOf(first.result)).toEqual(new Map(names.map((name) => [name, '1'])));

  const second = await run();
  expect(second.result).toMatchObject({ files: 0, records: '0', offsetsLeft: '0' });
  expect(second.result.execution).toBeUndefined();

  const some = names.slice(700, 712);
  await fill(some);
  const third = await run();
  expect(third.result).toMatchObject({ files: some.length, records: String(some.length) });
  const next = await nextOf(third.result);
  expect(next.size).toBe(TOPICS);
  expect([...next].flatMap(([topic, offset]) => (offset === '2' ? [topic] : []))).toEqual(some);
});
