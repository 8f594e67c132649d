// A job that ended in the middle of merging, and is taken up by its name on a worker with another fan-in, memory budget
// and size of splits, publishes every record once: it goes on with what its first worker has planned.
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ReplayResult } from '../../../workflows/replay/replay-result.ts';
import { asOlderRelease } from '../../faults/older-staging.ts';
import { checkExactReplay } from '../../support/exact-replay.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { stopWhen } from '../../support/stop-at-step.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';

let harness: ReplayHarness;
let files: TestArchive;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  files = await writeTestArchive(harness, { records: 12_000, hours: 4, executions: 2 });
  await harness.createSource(files.topic, files.archive.offsets());
});
afterAll(() => harness?.close());

/** Splits of one file or so: all of an hour overlap. */
const FIRST = { REWIND_MERGE_FAN_IN: '4', REWIND_SPLIT_MIB: '0.03', REWIND_HEARTBEAT_TIMEOUT_MS: '3000' };
const SECOND = { REWIND_MERGE_FAN_IN: '6', REWIND_SPLIT_MIB: '0.5', REWIND_MEMORY_MIB: '128' };

/** Names of the files in a job's staging folder, and below `sorted`. */
async function staged(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const place of [folder, `${folder}/sorted`])
    if ((await harness.store.status(place)) !== undefined)
      for await (const { path } of harness.store.list(place)) names.push(path.slice(folder.length + 1));
  return names;
}

test.each(['of this release', 'of the release before'])(
  'a job that ended after its first merge pass is whole when another worker takes it up, with staging %s',
  async (whose) => {
    const replayTopic = `${files.topic}_${whose === 'of this release' ? 'new' : 'old'}`;
    const input = {
      ...files.job,
      sort: 'whole' as const,
      replayTopic,
      offsets: { group: `${harness.id}-${replayTopic}`, kafka: true },
    };
    const first = await harness.startWorker(FIRST);
    const handle = await harness.start(input);
    await stopWhen(first, async () => {
      const folder = (await handle.describe()).memo?.['staging'];
      return typeof folder === 'string' && (await staged(folder)).includes('sorted/merged-0-0');
    });
    const { job, staging } = (await handle.describe()).memo as { job: string; staging: string };
    await first.end('SIGKILL');
    await handle.terminate('a test');
    const left = await staged(staging);
    expect(left.filter((name) => name.startsWith('sorted/merged-0-')).length).toBeGreaterThan(0);
    expect(left).not.toContain('catalogue-1.jsonl');
    if (whose !== 'of this release') await asOlderRelease(harness.store, staging);

    const second = await harness.startWorker(SECOND);
    const again = await harness.start({ ...input, takeUp: job });
    const result = (await again.result()) as ReplayResult;
    await second.end('SIGTERM');
    expect((await checkExactReplay(harness, files, input, result)).faults).toEqual([]);
  },
);
