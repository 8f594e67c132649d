// Proves that a report is the one whose hash the job tells, whichever attempts wrote it: one that is tried again, and one
// that slept until the job was over.
import { createHash } from 'node:crypto';
import { beforeEach, expect, it, vi } from 'vitest';
import { cleanVerify } from '../../../activities/verify/clean-verify.ts';
import type { VerifyJob } from '../../../activities/verify/job/verify-job.ts';
import { reportVerify } from '../../../activities/verify/report-verify.ts';
import { MemoryKafka } from '../../support/kafka/memory-kafka.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';
import { MemoryVerify } from '../../support/memory-verify.ts';
import { wholeRecordFile } from '../../support/whole-records.ts';

let store: MemoryFileStore;
let verify: MemoryVerify;
let job: VerifyJob;

beforeEach(async () => {
  store = new MemoryFileStore();
  const kafka = new MemoryKafka();
  verify = new MemoryVerify(store, kafka);
  await kafka.createTopic('events', { partitions: 1, replicationFactor: 1, settings: {} });
  const path = `/camus/events/hourly/2026/11/20/10/events.1.0.1.1.${Date.UTC(2026, 10, 20, 10)}.avro`;
  await store.write(path, [wholeRecordFile([{ partition: 0, offset: 0, value: Buffer.from('a') }])]);
  const begin = verify.begin.bind(verify);
  verify.begin = async (input) => {
    const begun = await begin(input);
    job = begun.job;
    return begun;
  };
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 28, 1) });
  return () => vi.useRealTimers();
});

const INPUT = { topic: 'events', archive: { dest: '/camus', timeZone: 'UTC' }, verify: { against: ['source'] } };

const report = (): ReturnType<ReturnType<typeof reportVerify>> =>
  reportVerify(verify.deps)({ job }, verify.worker.context);

async function hashOf(path: string): Promise<string> {
  const { length } = (await store.status(path))!;
  return createHash('sha256')
    .update(await store.read(path, 0, length))
    .digest('hex');
}

it('says the same when it is tried again later', async () => {
  const first = await verify.run(INPUT);
  vi.setSystemTime(Date.UTC(2026, 10, 28, 2));
  expect(await report()).toEqual(first);
  expect(await hashOf(first.report)).toBe(first.sha256);
});

it('stays as it is when an attempt wakes that slept until the job was over', async () => {
  await verify.run(INPUT);
  await store.delete(`${job.settings.report}/report.json`);
  for await (const { path } of store.list(job.staging)) if (path.endsWith('/report.json')) await store.delete(path);
  let other: Awaited<ReturnType<typeof report>> | undefined;
  let slept = false;
  const sleep = async (path: string): Promise<void> => {
    if (slept || !path.includes('report.json')) return;
    slept = true;
    vi.setSystemTime(Date.UTC(2026, 10, 28, 2));
    other = await report();
    await cleanVerify(verify.deps)({ job }, verify.worker.context);
  };
  const [write, remove] = [store.write.bind(store), store.delete.bind(store)];
  vi.spyOn(store, 'write').mockImplementation(async (path, ...rest) => {
    await sleep(path);
    return write(path, ...rest);
  });
  vi.spyOn(store, 'delete').mockImplementation(async (path, ...rest) => {
    await sleep(path);
    return remove(path, ...rest);
  });
  await report().catch(() => undefined);
  expect(slept).toBe(true);
  expect(await hashOf(other!.report)).toBe(other!.sha256);
  // Nor does it leave a folder of a job that is over.
  expect(await store.status(job.staging)).toBeUndefined();
});
