// Proves that a plan of an archive whose records tell their offsets says what is missing and what is there twice, exactly
// where its sample is all of the archive, and else what the sample can tell.
import { expect, it } from 'vitest';
import { sampleFile } from '../../../../activities/replay/decode/sample-file.ts';
import type { SampledFile } from '../../../../activities/replay/decode/sample-files.ts';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { plannedCoverage } from '../../../../activities/replay/plan/planned-coverage.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { wholeRecordFile } from '../../../support/whole-records.ts';

const TIME = Date.UTC(2014, 10, 2, 9, 30);

type Coverage = ReturnType<typeof plannedCoverage>;

async function coverage(
  files: Record<string, Buffer | string>,
  input: Partial<ReplayInput>,
  more = 0,
): Promise<Coverage> {
  const store = new MemoryFileStore();
  const job = replayJob({ topic: 'events', ...input });
  const sampled: SampledFile[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const path = `/in/${name}`;
    await store.write(path, [Buffer.from(bytes)]);
    const { length, modifiedAt } = (await store.status(path))!;
    const file = { path, length, modifiedAt };
    const task = { job, file, schema: undefined, functionsPath: undefined };
    sampled.push({ file, sample: await sampleFile(store, task) });
  }
  return plannedCoverage(job, sampled, sampled.length + more);
}

const whole = (partition: number, ...offsets: number[]): Buffer =>
  wholeRecordFile(offsets.map((offset) => ({ partition, offset, timestamp: TIME, value: Buffer.from('v') })));
const RECORD = { archive: { input: '/in', format: 'record' } } as const;
const NIFI = { archive: { layout: 'nifi', input: '/in' } } as const;

it('tells all where all was read', async () => {
  const files = { a: whole(0, 0, 1, 2, 7, 8), b: whole(0, 2, 3, 10), c: whole(4, 2 ** 40) };
  expect(await coverage(files, RECORD)).toEqual({
    remarks: [
      'records of the sample have a partition and an offset that another one has: 1 of partition 0',
      'no record has these offsets: partition 0: offsets 4 to 6, offset 9',
    ],
  });
});

it('tells it of the lines of NiFi, whichever file they are in', async () => {
  const files = {
    a: 'events-0-3<@><@>x\nevents-0-1<@><@>y\nevents-12-5<@><@>z\n',
    b: 'events-0-2<@><@>x\nevents-12-7<@><@>z',
  };
  expect((await coverage(files, NIFI)).remarks).toEqual(['no record has these offsets: partition 12: offset 6']);
});

it('finds what would end the job', async () => {
  const archive = { ...RECORD.archive, gaps: 'fail' } as const;
  expect((await coverage({ a: whole(0, 1, 3) }, { archive })).error).toMatchObject({ code: 'records-missing' });
  expect((await coverage({ a: whole(0, 1, 2) }, { archive })).error).toBeUndefined();
});

it('says that a sample is one', async () => {
  const { remarks, error } = await coverage({ a: whole(0, 1, 3, 3) }, RECORD, 90);
  expect(error).toBeUndefined();
  expect(remarks).toEqual([
    expect.stringMatching(/1 of partition 0$/),
    expect.stringMatching(/is known when all records are sorted.*1 of 91 files/),
  ]);
});

it('says nothing of holes that a time range leaves, nor of an order that is not that of offsets', async () => {
  expect(await coverage({ a: whole(0, 1, 3) }, { ...RECORD, from: TIME })).toEqual({ remarks: [] });
  expect(await coverage({ a: whole(0, 1, 3) }, { ...RECORD, order: 'time' })).toEqual({ remarks: [] });
});
