import { parseArgs } from 'node:util';
import { WorkflowFailedError } from '@temporalio/client';
import type { Stack } from '../../scripts/stack/development-stack.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';
import { Draws, seedOf } from '../support/camus-archive/draws.ts';
import { attemptsOf } from '../support/attempts.ts';
import { checkExactReplay } from '../support/exact-replay.ts';
import { JobWatch } from '../support/job-watch.ts';
import { killMoments } from '../support/kill-moments.ts';
import { onStack } from '../support/on-stack.ts';
import { ReplayHarness, reasonOf } from '../support/replay-harness.ts';
import { writeTestArchive } from '../support/test-archive.ts';

/** Short time-outs, about a hundred splits, and merge passes although few sections overlap. */
const workerSettings = (records: number): Record<string, string> => ({
  REWIND_HEARTBEAT_TIMEOUT_MS: '5000',
  REWIND_SLICE_MS: '2000',
  REWIND_SPLIT_MIB: String(records / 1e6),
  REWIND_MERGE_FAN_IN: '2',
});

interface Settings {
  records: number;
  kills: number;
  seed: string;
}

/**
 * `npm run test:ten-kills -- [--records N] [--kills N] [--seed TEXT] [--stack NAME]`: one job whose worker is killed
 * (SIGKILL) at random moments of every step, with another worker started each time. Reads everything back and prints
 * what was lost, doubled or out of order (nothing, or it fails), and what the kills cost. Without `--stack` it starts
 * servers of its own, and removes them.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '1000000' },
      kills: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      stack: { type: 'string' },
    },
  });
  const settings = { records: Number(values.records), kills: Number(values.kills), seed: values.seed };
  const own = { purpose: 'kills', onProgress: console.log };
  await onStack(values.stack, own, (stack) => survive(stack, settings));
}

async function survive(stack: Stack, { records, kills, seed }: Settings): Promise<void> {
  const harness = await ReplayHarness.open(stack.addresses);
  try {
    console.log(`an archive of ${records} records, ${kills} kills, seed ${seed}`);
    const files = await writeTestArchive(harness, { records, hours: 24, seed: 'kills' });
    await harness.createSource(files.topic, files.archive.offsets());
    const input = { ...files.job, offsets: { group: `${harness.id}-kills`, kafka: true } };
    const settings = workerSettings(records);
    const began = performance.now();
    let worker = await harness.startWorker(settings);
    const handle = await harness.start(input);
    const watch = new JobWatch(harness, handle, files.replayTopic, records);
    const killed = new Map<string, number>();
    for (const moment of killMoments(new Draws(seedOf(seed)), kills)) {
      const hit = (await watch.reach(moment)) ? await watch.inHand() : undefined;
      await worker.end('SIGKILL');
      const steps = hit === undefined ? `no step (after ${moment.step})` : stepNames(hit);
      killed.set(steps, (killed.get(steps) ?? 0) + 1);
      console.log(`${seconds(began)} s: killed in ${steps}`);
      worker = await harness.startWorker(settings);
    }
    const result = (await handle.result()) as ReplayResult;
    const elapsed = seconds(began);
    await watch.close();
    console.log(`${elapsed} s: the job has succeeded; reading everything back`);
    const { faults, verification } = await checkExactReplay(harness, files, input, result);
    const attempts = await attemptsOf(handle);
    console.log(`\nkills                        ${[...killed].map(([step, count]) => `${step} ${count}`).join(', ')}`);
    console.log(`seconds                      ${elapsed}, worker starts included`);
    console.log(`records                      ${verification.consumed} consumed, ${verification.expected} expected`);
    console.log(`records lost                 ${verification.missing.count}`);
    console.log(`doubled, reordered, changed  ${verification.differences}`);
    console.log(`aborted records in the log   ${result.partitions.map(({ aborted }) => aborted).join(', ')}`);
    console.log(
      `attempts that were cut off   ${attempts.repeated.map(({ step, count }) => `${step} ${count}`).join(', ')}`,
    );
    console.log(`splits decoded twice         ${attempts.splitsDecodedAgain} of ${attempts.splits}`);
    if (faults.length > 0) throw new Error(`the replay is not what it should be:\n${faults.join('\n')}`);
    console.log(
      '\nEvery record is there once and in order, and the offsets in ZooKeeper and Kafka are the pinned ones.',
    );
  } finally {
    await harness.close();
  }
}

function stepNames(inHand: readonly { step: string }[]): string {
  return [...new Set(inHand.map(({ step }) => step))].join(' + ') || 'no step';
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof WorkflowFailedError ? reasonOf(error) : error);
    process.exit(1);
  },
);
