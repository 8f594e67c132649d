// What a replay reads and writes is changed by others while it runs. A file that vanishes, changes or is closed to the
// worker ends the job by name: sorted as a whole with nothing published, window by window with what comes before that file's
// window, in its order, and not a record of that. A replay topic that is trimmed, deleted, made
// anew or made too small is never taken for what it was; where it can be put right, the job is taken up and is exact.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { checkExactReplay } from '../../support/exact-replay.ts';
import { JobWatch } from '../../support/job-watch.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { takeUpByReset } from '../../support/reset-workflow.ts';
import { stopAtStep } from '../../support/stop-at-step.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import type { WorkerProcess } from '../../support/worker-process.ts';

const RECORDS = 6_000;
const FOR_EVER = '9223372036854775807';
/** So slow that there is a middle. */
const SLOW = { records: 800 };

let harness: ReplayHarness;
let worker: WorkerProcess;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  worker = await harness.startWorker({
    REWIND_SLICE_MS: '500',
    REWIND_SPLIT_MIB: '0.05',
    REWIND_DECODE_CONCURRENCY: '1',
  });
});
afterAll(() => harness?.close());

/** The first step that decodes, by how the job is sorted. */
const FIRST_DECODES = { whole: 'decodeAndSort', auto: 'publishWindows' } as const;

interface Started {
  files: TestArchive;
  input: ReplayInput & { replayTopic: string };
  handle: WorkflowHandle;
  watch: JobWatch;
}

async function start(more: Pick<ReplayInput, 'rate' | 'sort'> = {}): Promise<Started> {
  const files = await writeTestArchive(harness, { records: RECORDS, executions: 2 });
  await harness.createSource(files.topic, files.archive.offsets());
  const input = {
    ...files.job,
    replayTopic: files.replayTopic,
    offsets: { group: `group-${files.topic}`, kafka: true },
    ...more,
  };
  const handle = await harness.start(input);
  const watch = new JobWatch(harness, handle, files.replayTopic, RECORDS);
  onTestFinished(() => watch.close());
  return { files, input, handle, watch };
}

describe('a file of the archive, between listing and reading', () => {
  /** Files are decoded in the order of the manifest: the last one is far from its turn when the first is in hand. */
  const lastFile = ({ archive }: TestArchive): string => archive.layout().files.at(-1)!.path;

  /** A job whose worker sleeps with the first splits in hand; `failure` lets it go on. */
  async function decoding(sort: 'whole' | 'auto'): Promise<Started> {
    const started = await start({ sort });
    await stopAtStep(worker, started.handle, FIRST_DECODES[sort]);
    return started;
  }

  function failure({ handle }: Started): Promise<{ type: string | undefined; message: string }> {
    worker.signal('SIGCONT');
    return harness.failureOf(handle);
  }

  async function expectNothingPublished({ input }: Started): Promise<void> {
    const offsets = await harness.admin((admin) => admin.fetchTopicOffsets(input.replayTopic));
    expect(offsets.every(({ offset }) => offset === '0')).toBe(true);
  }

  /** Windows before that of the last file are out, whole and in order, and nothing behind. */
  async function expectBeginning({ input, files: { archive } }: Started): Promise<void> {
    const truth = archive.truth();
    const bucket = /\.(\d+)\.avro$/.exec(lastFile({ archive } as TestArchive))![1];
    const out = (await harness.read(input.replayTopic)).map(({ value }) => String(value));
    const before = [...truth].filter(({ time }) => time < Number(bucket));
    expect(before.length).toBeGreaterThan(0);
    expect(out).toEqual(before.map(({ json }) => json));
  }

  const expectLeft = (sort: 'whole' | 'auto', started: Started): Promise<void> =>
    sort === 'whole' ? expectNothingPublished(started) : expectBeginning(started);

  test.each(['whole', 'auto'] as const)('vanishes: the job ends with its name, sorted by %s', async (sort) => {
    const started = await decoding(sort);
    const path = lastFile(started.files);
    await harness.store.delete(path);
    const failed = await failure(started);
    expect(failed.type).toBe('rewind.connection.changed');
    expect(failed.message).toContain(path);
    await expectLeft(sort, started);
  });

  test.each(['whole', 'auto'] as const)(
    'is another one, or longer: name, length listed and found, by %s',
    async (sort) => {
      const started = await decoding(sort);
      const path = lastFile(started.files);
      const { length } = (await harness.store.status(path))!;
      const bytes = await harness.store.read(path, 0, length);
      await harness.store.write(path, [bytes, Buffer.from('more')], { overwrite: true });
      const failed = await failure(started);
      expect(failed.type).toBe('rewind.connection.changed');
      expect(failed.message).toContain(path);
      expect(failed.message).toContain(String(length));
      await expectLeft(sort, started);
    },
  );
});

test.each(['whole', 'auto'] as const)(
  'Camus prunes its history in mid decode, by %s: what was pinned is committed',
  async (sort) => {
    const { files, input, handle } = await start({ sort });
    await stopAtStep(worker, handle, FIRST_DECODES[sort]);
    const history = `${files.job.archive.exec}/base/history`;
    for await (const { path } of harness.store.list(history)) await harness.store.delete(path, { recursive: true });
    worker.signal('SIGCONT');
    const result = (await handle.result()) as ReplayResult;
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
  },
);

describe('the replay topic, in mid publishing', () => {
  async function publishing(): Promise<Started> {
    const started = await start({ rate: SLOW });
    expect(await started.watch.reach({ step: 'mergePublish', share: 0.2 })).toBe(true);
    return started;
  }

  test('loses its first records: the job ends, and says so', async () => {
    const { handle, input } = await publishing();
    await harness.admin(async (admin) => {
      await admin.fetchTopicOffsets(input.replayTopic); // kafkajs deletes only from topics whose leaders it has seen
      await admin.deleteTopicRecords({ topic: input.replayTopic, partitions: [{ partition: 0, offset: '5' }] });
    });
    const failure = await harness.failureOf(handle);
    expect(failure.type).toMatch(/^rewind\.job\./);
    expect(failure.message).toMatch(/lost its first records/);
    expect(failure.message).toContain(input.replayTopic);
  });

  test('is deleted: the job ends, and makes no new one', async () => {
    const { handle, input } = await publishing();
    await harness.admin((admin) => admin.deleteTopics({ topics: [input.replayTopic] }));
    const failure = await harness.failureOf(handle);
    expect(failure.message).toContain(input.replayTopic);
    expect(failure.type).toMatch(/^rewind\.job\./);
    expect(await harness.admin((admin) => admin.listTopics())).not.toContain(input.replayTopic);
  });

  test('is deleted and made anew: the job does not go on in the middle of an empty log', async () => {
    const { handle, input } = await publishing();
    await harness.admin(async (admin) => {
      await admin.deleteTopics({ topics: [input.replayTopic] });
      for (const giveUp = Date.now() + 60_000; Date.now() < giveUp; await sleep(50))
        if (await admin.createTopics({ topics: [{ topic: input.replayTopic, numPartitions: 1 }] }).catch(() => false))
          return;
    });
    const failure = await harness.failureOf(handle);
    expect(failure.type).toMatch(/^rewind\.job\./);
    expect(failure.message).toContain(input.replayTopic);
  });

  test('is made too small for a batch: the job ends by name; raised again and taken up, it is exact', async () => {
    const { files, handle, input } = await publishing();
    const limit = (value: string) =>
      harness.admin((admin) =>
        admin.alterConfigs({
          validateOnly: false,
          resources: [
            {
              type: 2,
              name: input.replayTopic,
              configEntries: [
                // This request of kafkajs takes back all settings that it doesn't name.
                ...['retention.ms', 'retention.bytes'].map((name) => ({ name, value: '-1' })),
                ...['before', 'after'].map((side) => ({ name: `message.timestamp.${side}.max.ms`, value: FOR_EVER })),
                { name: 'max.message.bytes', value },
              ],
            },
          ],
        }),
      );
    await limit('200');
    const failure = await harness.failureOf(handle);
    expect(failure.type).toBe('rewind.connection.refused');
    expect(failure.message).toContain('max.message.bytes');
    await limit('1048588');
    await takeUpByReset(harness.client, handle);
    const result = (await harness.client.workflow.getHandle(handle.workflowId).result()) as ReplayResult;
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
  });
});
