import type { Dependencies } from '../../activities/dependencies.ts';
import { catalogueSorted } from '../../activities/replay/catalogue-sorted.ts';
import { decodeAndSort } from '../../activities/replay/decode-and-sort.ts';
import { listFiles } from '../../activities/replay/list-files.ts';
import type { ReplayInput } from '../../activities/replay/job/job-input.ts';
import { parseReplayInput } from '../../activities/replay/job/parse-input.ts';
import { resolveJob } from '../../activities/replay/job/resolve-job.ts';
import { BODY_PREFIX_BYTES } from '../../activities/replay/record/record-body.ts';
import { openReplaySequence } from '../../activities/replay/publish/replay-sequence.ts';
import { readOffsets, readPins } from '../../activities/replay/read-offsets.ts';
import { Staging } from '../../activities/replay/staging.ts';
import type { FileListing, PinnedOffsetsSummary } from '../../activities/replay/steps.ts';
import { MemoryBudget } from '../../activities/step/memory-budget.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { PinnedOffsets } from '../../layouts/pinned-offsets.ts';
import { inProcessDecoder } from './in-process-decoder.ts';
import { replayJob } from './replay-job.ts';
import { stepContext } from './step-context.ts';

export interface ReplayInMemory {
  summary: PinnedOffsetsSummary;
  pins: PinnedOffsets | undefined;
  listing: FileListing;
  /** The values that would be published, in their order. */
  values: string[];
  /** What the decoders found worth a look. */
  remarks: string[];
}

/** The real steps of a replay on a store in memory, from the input to the sequence that would be published. */
export async function replayInMemory(
  store: FileStore,
  input: ReplayInput,
  { afterPins }: { afterPins?: () => Promise<void> } = {},
): Promise<ReplayInMemory> {
  const deps = {
    hdfs: () => store,
    kafka: () => ({ describeTopic: async () => undefined }),
    budget: new MemoryBudget(1024 ** 3),
    decoder: inProcessDecoder(store),
    functions: async () => undefined,
    tuning: replayJob().tuning,
  } as unknown as Dependencies;
  const context = stepContext();
  const job = resolveJob(parseReplayInput({ sort: 'whole', ...input }, 0), 'memory/run', 0, deps);
  const staging = new Staging(store, job.staging);
  await staging.begin(job);
  const { schema } = job.output;
  if (schema !== undefined)
    await staging.putSmall(
      staging.schema,
      await store.read(schema, 0, (await store.status(schema))!.length),
      context.signal,
    );
  const summary = await readOffsets(deps)({ job }, context);
  await afterPins?.();
  const listing = await listFiles(deps)({ job }, context);
  const remarks: string[] = [];
  const decoded = { read: 0, kept: 0, skipped: 0, skippedBy: {}, timeUnits: [] };
  for (let split = 0; split < listing.splits; split += 1) {
    const { read, kept, remarks: said } = await decodeAndSort(deps)({ job, listing, split }, context);
    decoded.read += read;
    decoded.kept += kept;
    remarks.push(...(said ?? []));
  }
  const claim = { topic: job.replayTopic.name, partitions: 1, created: true, maxMessageBytes: 1_000_000 };
  const { overlap, records } = await catalogueSorted(deps)({ job, listing, claim, decoded, level: 0 }, context);
  const options = { job, fingerprint: listing.fingerprint, level: 0, overlap, records };
  const start = { published: 0n, lastKey: undefined } as Parameters<typeof openReplaySequence>[2];
  const sequence = await openReplaySequence(store, options, start, context.signal);
  const values: string[] = [];
  for (;;) {
    while (sequence.next()) {
      const { bytes, bodyStart, bodyEnd } = sequence.record;
      values.push(valueOf(Buffer.from(bytes.subarray(bodyStart, bodyEnd))));
    }
    if (sequence.atEnd) break;
    await sequence.fill();
  }
  await sequence.close();
  return { summary, pins: await readPins(store, job), listing, values, remarks };
}

/** The text of a record body without a key: flags, time, key length -1, then the value's length and the value (record-body.ts). */
function valueOf(body: Buffer): string {
  let at = BODY_PREFIX_BYTES + 1;
  while (body[at]! >= 0x80) at += 1;
  return body.subarray(at + 1).toString('utf8');
}
