import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { pauseSignal, rateSignal, resumeSignal } from '../../workflows/run/messages.ts';
import { JobWatch } from '../support/job-watch.ts';
import { onHarness } from '../support/on-stack.ts';
import { RangesHarness } from '../support/ranges-harness.ts';
import { ReplayHarness } from '../support/replay-harness.ts';
import { SMALL_MEMORY, writeLargeHour } from '../support/large-hour.ts';
import { writeLateArchive } from '../support/late-archive.ts';
import { writeTestArchive, type TestArchive } from '../support/test-archive.ts';
import { recordedArchives, recordedContinuations, type Recorded } from './recorded-archives.ts';
import { recordedMerging } from './recorded-merging.ts';
import { recordedPlans } from './recorded-plans.ts';
import { RANGE_FUNCTIONS, recordedRanges } from './recorded-ranges.ts';
import { recordedTold } from './recorded-told.ts';
import { recordedVerify } from './recorded-verify.ts';

/**
 * `npm run record-histories -- VERSION [--stack NAME] [--only replay|windows|archive|staged|merging|ranges|verify|plans|told]`: runs a workflow of each kind and writes its history, in protobuf, to
 * test/workflows/histories/VERSION, where a test replays it with the workflow code as it is then. Recorded for each
 * release, and never again: they are what runs that are under way look like to the next version.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { stack: { type: 'string' }, only: { type: 'string', default: '' } },
  });
  const [version] = positionals;
  if (version === undefined) throw new Error('which version? npm run record-histories -- 0.1.0');
  const folder = join(projectRoot, 'test', 'workflows', 'histories', version);
  mkdirSync(folder, { recursive: true });
  const own = { purpose: 'histories', onProgress: console.log };
  await onHarness(values.stack, own, async (harness, { temporalCommand }) => {
    const ranges = new RangesHarness(harness);
    const kinds = (name: string): boolean => values.only === '' || values.only === name;
    try {
      await harness.startWorker({
        REWIND_SLICE_MS: '500',
        REWIND_SPLIT_MIB: '0.02',
        REWIND_MERGE_FAN_IN: '2',
        REWIND_FUNCTIONS: ranges.module(RANGE_FUNCTIONS),
      });
      if (kinds('replay')) await record(folder, recordedReplays(harness, RUNS));
      if (kinds('windows')) await record(folder, recordedReplays(harness, WINDOWS_RUNS));
      if (kinds('staged')) await recordStaged(folder, harness);
      if (kinds('merging')) await record(folder, recordedMerging(temporalCommand, harness));
      if (kinds('ranges')) await record(folder, recordedRanges(ranges));
      if (kinds('plans')) await record(folder, recordedPlans(ranges));
      if (kinds('verify')) await record(folder, recordedVerify(harness));
      if (kinds('told')) await record(folder, recordedTold(temporalCommand, harness));
      if (!kinds('archive')) return;
      await record(folder, recordedArchives(harness));
      await record(folder, recordedContinuations(temporalCommand, harness));
    } finally {
      ranges.close();
    }
  });
}

async function record(folder: string, runs: AsyncIterable<Recorded>): Promise<void> {
  for await (const [name, handle] of runs) {
    await handle.result().catch(() => undefined); // some end as failed or cancelled, which is what they record
    const file = join(folder, `${name}.history`);
    writeFileSync(file, proto.temporal.api.history.v1.History.encode(await handle.fetchHistory()).finish());
    console.log(`${file}: ${(await handle.describe()).status.name}`);
  }
}

async function* recordedReplays(harness: ReplayHarness, runs: Record<string, Run>): AsyncGenerator<Recorded> {
  const files = await writeTestArchive(harness, { records: 3_000, executions: 2 });
  await harness.createSource(files.topic, files.archive.offsets());
  for (const [name, run] of Object.entries(runs)) yield [name, await run(harness, files)];
}

type Run = (harness: ReplayHarness, files: TestArchive) => Promise<WorkflowHandle>;

const inputOf = ({ topic, job }: TestArchive, name: string) => ({
  ...job,
  replayTopic: `${topic}_${name}`,
  offsets: { group: `${topic}-${name}`, kafka: true },
});

const RUNS: Record<string, Run> = {
  /** Splits, merge passes and slices. */
  replay: (harness, files) => harness.start(inputOf(files, 'plain')),
  'replay-controlled': async (harness, files) => {
    const input = { ...inputOf(files, 'controlled'), rate: { records: 1_000 } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, input.replayTopic, 3_000);
    await watch.reach({ step: 'mergePublish', share: 0.1 });
    await handle.signal(pauseSignal);
    await watch.close();
    await handle.signal(rateSignal, { records: 5_000 });
    await handle.signal(resumeSignal);
    return handle;
  },
  'replay-cancelled': async (harness, files) => {
    const input = { ...inputOf(files, 'cancelled'), rate: { records: 500 } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, input.replayTopic, 3_000);
    await watch.reach({ step: 'mergePublish', share: 0.1 });
    await watch.close();
    await handle.cancel();
    return handle;
  },
  'replay-taken-up': async (harness, files) => {
    const input = { ...inputOf(files, 'cancelled') };
    for await (const { memo } of harness.client.workflow.list({
      query: `TaskQueue = "${harness.taskQueue}" AND ExecutionStatus = "Canceled"`,
    }))
      return harness.start({ ...input, takeUp: String(memo?.['job']) });
    throw new Error('no cancelled job was found to take up');
  },
  'replay-refused': (harness, files) => harness.start({ ...files.job, topic: 'nothing.here', replayTopic: 'refused' }),
  'replay-plan': (harness, files) => harness.start({ ...inputOf(files, 'planned'), plan: true }),
  'replay-offsets-only': (harness, files) =>
    harness.start({ ...inputOf(files, 'offsets'), replayTopic: undefined, offsetsOnly: true }),
};

/** Window by window; and a job that goes on as a whole where a record is too late. */
const WINDOWS_RUNS: Record<string, Run> = {
  'replay-windows': async (harness, files) => {
    const input = { ...inputOf(files, 'windows'), sort: 'windows' as const, rate: { records: 1_000 } };
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, input.replayTopic, 3_000);
    await watch.reach({ step: 'mergePublish', share: 0.3 });
    await handle.signal(pauseSignal);
    await watch.close();
    await handle.signal(resumeSignal);
    return handle;
  },
  'replay-windows-then-whole': async (harness) => {
    const { topic, dest } = await writeLateArchive(harness);
    return harness.start({ topic, archive: { dest, readAllFiles: true }, sort: 'auto' });
  },
};

/** A window that goes through staging, on a worker that has little memory. */
async function recordStaged(folder: string, harness: ReplayHarness): Promise<void> {
  const own = await ReplayHarness.open(harness.stack);
  try {
    await own.startWorker({ ...SMALL_MEMORY, REWIND_SLICE_MS: '500', REWIND_MERGE_FAN_IN: '2' });
    const { topic, dest } = await writeLargeHour(own);
    const staged: Run = () => own.start({ topic, archive: { dest }, sort: 'auto', rate: { records: 6_000 } });
    await record(folder, recordedReplays(own, { 'replay-windows-staged': staged }));
  } finally {
    await own.close();
  }
}

await main();
