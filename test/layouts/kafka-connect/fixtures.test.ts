// What Kafka Connect's HDFS sink wrote, read by the real steps of a replay: the records that Java reads, in the same
// order; of every bad file what bad/README.md says.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { badFiles, fixtureLines, fixtureText } from '../../formats/support/fixture-files.ts';
import { replayInMemory } from '../../support/replay-in-memory.ts';
import { sameJson } from '../../support/same-json.ts';
import { connectJob, pinned, storeOf } from './connect-archive.ts';

function expectSame(values: readonly string[], lines: readonly string[]): void {
  expect(values.length).toBe(lines.length);
  for (const [index, line] of lines.entries())
    if (!sameJson(values[index]!, line)) expect(`${index}: ${values[index]}`).toBe(`${index}: ${line}`);
}

describe('an archive of Kafka Connect', () => {
  it.each(['invoices', 'shipments'])('%s has the records that Java reads, in their order', async (topic) => {
    const store = await storeOf('connect');
    const schema = '/schemas/output.avsc';
    await store.write(schema, [Buffer.from(fixtureText(`schemas/connect.${topic}.avsc`))]);
    const { values, listing } = await replayInMemory(store, { ...connectJob(topic), output: { schema } });
    expectSame(values, fixtureLines(`expected/connect.${topic}.jsonl`));
    expect(listing.incomplete).toBeUndefined();
    expect(listing.leftOut).toEqual([]);
  });

  it('is read with nothing but data, whatever folder the job names', async () => {
    const store = await storeOf('connect');
    const job = connectJob('invoices', { dest: undefined, input: '/connect' });
    await expect(replayInMemory(store, job)).rejects.toMatchObject({ code: 'file-unusable' });
    const narrow = connectJob('invoices', { dest: undefined, input: '/connect/{logs,topics/+tmp,topics/invoices}' });
    const { listing } = await replayInMemory(store, narrow);
    expect(listing.files).toBe(15);
    expect(listing.leftOut).toMatchObject([{ reason: 'not data by their names', files: 3 }]);
  });

  it.each(['invoices', 'shipments'])('%s has the offsets that come after the last in its names', async (topic) => {
    const files = fixtureLines(`expected/connect.${topic}.files.tsv`).map((line) => line.split('\t'));
    const next: Record<string, string> = {};
    for (const [partition = '', , path = ''] of files) {
      const last = BigInt(/\+(\d+)\.avro$/.exec(path)![1]!);
      if (last >= BigInt(next[partition] ?? 0)) next[partition] = String(last + 1n);
    }
    const pins = await pinned(await storeOf('connect'), topic);
    expect(pins.next).toEqual(next);
    expect(Object.keys(next).length).toBeGreaterThan(1);
  });

  it('tells in which partitions it begins later than the topic', async () => {
    const { listing } = await replayInMemory(await storeOf('connect'), connectJob('shipments'));
    expect(listing.remarks.join('\n')).toContain('partition 0 at 100, partition 1 at 9999999990');
  });
});

/** What a replay of one bad file beside the good one comes to: an error's message, or what is remarked. */
async function outcomeOf(file: string, badData?: ReplayInput['badData']): Promise<{ error?: string; remarks: string }> {
  const good = badFiles('connect').find(({ verdict }) => verdict === 'ok')!.file;
  const store = await storeOf('bad/connect', (path) => path === file || path === good);
  const job = { ...connectJob('invoices', { dest: '/bad/connect' }), ...(badData === undefined ? {} : { badData }) };
  try {
    const { listing, values, remarks } = await replayInMemory(store, job);
    expect(values.length).toBe(file === good ? 10 : 20);
    return { remarks: [...listing.remarks, ...remarks].join('\n') };
  } catch (error) {
    return { error: (error as Error).message, remarks: '' };
  }
}

describe('a bad file of Kafka Connect', () => {
  const bad = badFiles('connect');
  const skip = { policy: 'skip' } as const;

  it('is one of seven', () => expect(bad.length).toBe(7));

  it.each(bad)('$file: $verdict, $what', async ({ file, verdict }) => {
    const { error, remarks } = await outcomeOf(file);
    if (verdict === 'error') expect(error).toContain(file);
    if (verdict === 'warn') expect(error ?? remarks).toContain(file);
    if (verdict === 'ok') expect([error, remarks]).toEqual([undefined, '']);
  });

  it('ends the job where its name has less room than it has records, or is told under skip', async () => {
    const { file } = bad.find(({ what }) => what.includes('room for'))!;
    expect((await outcomeOf(file)).error).toContain('expected at most 3 records, found 10');
    expect((await outcomeOf(file, skip)).remarks).toContain(`${file} holds 10 records, and its name has 3 offsets`);
  });

  it('ends the job where its records would come twice, unless the job replays them all', async () => {
    const { file } = bad.find(({ what }) => what.includes('overlap'))!;
    const store = await storeOf('bad/connect', (path) => path === file || path.endsWith('+0000000009.avro'));
    const job = connectJob('invoices', { dest: '/bad/connect', overlaps: 'report' });
    const { values, listing } = await replayInMemory(store, job);
    expect(values.length).toBe(20);
    expect(listing.remarks.join('\n')).toContain(`${file} has offsets 5 to 9, and so has`);
  });
});
