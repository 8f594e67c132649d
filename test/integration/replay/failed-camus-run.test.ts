// Runs of Camus that failed leave data files: some of them hold records that the next run archived again, and those of
// a run after the pinned one are the live topic's business.
import { expect, test } from 'vitest';
import { appendExecution, fileStoreSink } from '../../support/camus-archive/index.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { writeTestArchive } from '../../support/test-archive.ts';
import { OneWorker } from './one-worker.ts';

const shared = new OneWorker();

test('records that a failed run and the next one archived are all replayed, and reported', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness, {
    failedRuns: [{ before: 1, partitions: [2] }],
  });
  const truth = archive.truth();
  expect(truth.duplicates.length).toBe(1);
  const result = await harness.replay(job);
  expect(result.records.published).toBe(String(truth.total));
  expect(result.remarks.filter((remark) => /^partition 2 has \d+ records for the offsets/.test(remark)).length).toBe(1);
  await expectReplayed(harness, replayTopic, truth);
});

test('records that are there twice are an error before anything is published, where the job wants none', async () => {
  const { harness } = shared;
  const { replayTopic, job } = await writeTestArchive(harness, { failedRuns: [{ before: 1 }] });
  const failure = await harness.failure({ ...job, archive: { ...job.archive, duplicates: 'fail' } });
  expect(failure.type).toBe('rewind.job.duplicates');
  expect(failure.message).toContain('partition 0 has');
  expect(await harness.admin((admin) => admin.listTopics())).not.toContain(replayTopic);
});

test('files of a run that failed after the pinned one stay out', async () => {
  const { harness } = shared;
  const { archive, replayTopic, job } = await writeTestArchive(harness);
  const sink = fileStoreSink(harness.store);
  const failed = await appendExecution(archive, { sink, records: 300, history: false });
  const result = await harness.replay(job);
  expect(result.execution).toBe(archive.newestExecution.path);
  expect(result.leftOut).toMatchObject([
    { reason: 'of a Camus run after the pinned one', files: failed.truth().laterFiles.length },
  ]);
  await expectReplayed(harness, replayTopic, archive.truth());
});
