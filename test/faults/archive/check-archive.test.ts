// The look at what an archive has left sees what is missing, doubled, foreign and left behind: a round that it calls exact
// proves nothing otherwise.
import { beforeEach, expect, it } from 'vitest';
import { ArchiveHarness } from '../../support/archive-harness.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import { checkArchive } from './check-archive.ts';
import type { PartitionTruth, SourceTopics } from './source-topics.ts';

let store: MemoryFileStore;
let harness: ReplayHarness;
let archive: ArchiveHarness;
beforeEach(() => {
  store = new MemoryFileStore();
  harness = { store, folder: '/tests', id: 'id', stack: { kafka: ['127.0.0.1:1'] } } as unknown as ReplayHarness;
  archive = new ArchiveHarness(harness, 'round');
});

const lineOf = (n: number): string => JSON.stringify({ n, topic: 't' });

function truth(more: Partial<PartitionTruth> = {}): SourceTopics {
  const records = new Map([0, 1, 2].map((n) => [BigInt(n), lineOf(n)]));
  const of = {
    topic: 't',
    partition: 0,
    life: 0,
    records,
    aborted: 0,
    deletedTo: 0n,
    former: [],
    cut: false,
    gone: false,
    end: 3n,
  };
  return { truth: [{ ...of, ...more }] } as unknown as SourceTopics;
}

async function archived(next: number, ...numbers: number[]): Promise<void> {
  const path = `${archive.dest}/t/hourly/2026/11/20/10/t.1.0.${numbers.length}.${next}.0`;
  await store.write(path, [Buffer.from(numbers.map((n) => `${lineOf(n)}\n`).join(''))]);
}

const faultsOf = async (source = truth()): Promise<string> =>
  (await checkArchive(harness, archive, source)).faults.join('\n');

it('sees a record that is missing, and offsets that the history does not have', async () => {
  await archived(2, 0, 1);
  const faults = await faultsOf();
  expect(faults).toContain('t-0: 1 wrong: offset 2 is not archived');
  expect(faults).toContain('t-0: the history goes on at nothing, expected 3');
});

it('sees a record that is there twice, and one that was never committed', async () => {
  await archived(3, 0, 1, 2);
  await archived(9, 1, 99);
  const faults = await faultsOf();
  expect(faults).toContain('offset 1 is archived 2 times');
  expect(faults).toContain('1 records are archived that were never committed, such as 99');
});

it('sees a hole in what was archived of a topic that is gone', async () => {
  await archived(3, 0, 2);
  expect(await faultsOf(truth({ gone: true }))).toContain('offset 2 is archived, and 1 before it is not');
});

it('sees a file whose name says another count', async () => {
  await store.write(`${archive.dest}/t/hourly/2026/11/20/10/t.1.0.3.3.0`, [Buffer.from(`${lineOf(0)}\n`)]);
  await expect(faultsOf()).rejects.toThrow('says 3 records and holds 1');
});

it('sees what was left in staging and beside the history', async () => {
  await store.write(`${archive.dest}/.rewind/a/run/data/0`, [Buffer.from('x')]);
  for (const path of ['claims/1.json', 'claims/2.json', 'exec-of-history.json', 'decisions/.none.jsonl.0b1c'])
    await store.write(`${archive.exec}/.rewind/${path}`, [Buffer.from('x')]);
  const faults = await faultsOf();
  expect(faults).toContain('/data/0 was left');
  expect(faults).toContain('.none.jsonl.0b1c was left');
  expect(faults).toContain('2 claims are there');
  expect(faults).not.toContain('exec-of-history.json');
});
