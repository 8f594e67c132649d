import type { KafkaConnection } from '../../connections/kafka/kafka-connection.ts';
import type { Publisher } from '../../connections/kafka/publish/publish-port.ts';
import type { Dependencies } from '../dependencies.ts';
import { asPublisher } from './publish/as-publisher.ts';
import { whileThere } from './publish/assert-untrimmed.ts';
import { publishSequence } from './publish/publish-sequence.ts';
import { openReplaySequence, rangeBytes } from './publish/replay-sequence.ts';
import { assertOwn, readPosition, type PublishPosition } from './publish/publish-position.ts';
import { unusable } from '../step/staged-json.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { PublishedSlice, PublishInput, StagedWindow } from './steps.ts';
import { totalsUpTo } from './windows/kept-totals.ts';
import { nothingBeyond } from './windows/published-windows.ts';
import { TRANSACTION_BUFFERS } from './windows/window-room.ts';

/**
 * Publishes one slice of the sequence, at the job's rate: fences whoever published before, goes on from the committed
 * position, and ends after the slice's time, at the end of the sequence or of the window that is staged, or when it is told
 * to, always at the end of a transaction.
 */
export function mergePublish(deps: Dependencies) {
  return async (input: PublishInput, context: StepContext): Promise<PublishedSlice> => {
    const { job, listing, catalogue } = input;
    const kafka = deps.kafka(job.connections.kafka);
    const topic = job.replayTopic.name;
    // Looked at before it is taken: a second job must be refused without fencing the first.
    // What a dead publisher left open ends when this one opens; whose topic it is was settled before.
    assertOwn(topic, await readPosition(kafka, topic, { pending: 'ignore' }), job.id, listing.fingerprint);
    const release = await deps.budget.take(
      TRANSACTION_BUFFERS + catalogue.overlap * 2 * rangeBytes(catalogue.overlap),
      context.signal,
    );
    try {
      return await whileThere(job, () => publishOn(deps, kafka, input, context));
    } finally {
      release();
    }
  };
}

async function publishOn(
  deps: Dependencies,
  kafka: KafkaConnection,
  input: PublishInput,
  context: StepContext,
): Promise<PublishedSlice> {
  const { job, listing } = input;
  return asPublisher(kafka, job, listing.fingerprint, (publisher, position) =>
    publishSlice(deps, publisher, input, position, context),
  );
}

async function publishSlice(
  deps: Dependencies,
  publisher: Publisher,
  { job, listing, claim, catalogue, level, rate, window: of }: PublishInput,
  position: PublishPosition,
  context: StepContext,
): Promise<PublishedSlice> {
  const { overlap, records: own, repeats } = catalogue;
  // A run that was reset to its middle comes by windows that are out.
  if (of !== undefined && (position.lastKey?.split ?? -1) >= of.endSplit)
    return { ...nothingBeyond(position.published), done: true };
  const store = deps.hdfs(job.connections.hdfs);
  const window = of && (await windowInSequence(new Staging(store, job.staging), of, context.signal));
  const { fingerprint, afterWindows } = listing;
  const options = { job, fingerprint, level, overlap, records: own, repeats, window, afterWindows };
  const sequence = await openReplaySequence(store, options, position, context.signal);
  const records = (BigInt(own) + BigInt(window?.before ?? 0)).toString();
  const isAll = (published: bigint, atEnd: boolean): boolean => {
    if (atEnd) assertAll(published, records, job.staging);
    return published === BigInt(records);
  };
  const slice = { job, claim, rate, sequence, position, isAll, shown: () => ({ of: records }) };
  return publishSequence(publisher, slice, context);
}

/** A window that is staged, and how many records of the sequence stand before it. */
async function windowInSequence(
  staging: Staging,
  { number }: StagedWindow,
  signal: AbortSignal,
): Promise<{ number: number; before: number }> {
  return { number, before: (await totalsUpTo(staging, number - 1, signal)).kept };
}

/** At the end of the sequence all of it is out, and no more: another number would never be done. */
export function assertAll(published: bigint, records: string, staging: string): void {
  if (published !== BigInt(records)) throw unusable(staging, `${records} records to publish`, `${published}`);
}
