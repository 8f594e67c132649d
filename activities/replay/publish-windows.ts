import type { Publisher } from '../../connections/kafka/publish/publish-port.ts';
import type { Dependencies } from '../dependencies.ts';
import { ordersByRecords } from './job/own-offsets.ts';
import { readWindows } from './manifest/read-manifest.ts';
import { assertAll } from './merge-publish.ts';
import { asPublisher } from './publish/as-publisher.ts';
import { whileThere } from './publish/assert-untrimmed.ts';
import { publishSequence } from './publish/publish-sequence.ts';
import { assertOwn, positionForeign, readPosition, type PublishPosition } from './publish/publish-position.ts';
import { publishOffsetWindows } from './publish-offset-windows.ts';
import { WindowSequence } from './publish/window-sequence.ts';
import { JobError } from '../step/job-error.ts';
import type { StepContext } from '../step/run-step.ts';
import { Staging } from './staging.ts';
import type { ListedWindows, PublishedWindows, PublishWindowsInput } from './steps.ts';
import { readTotals } from './windows/kept-totals.ts';
import { openWindows } from './windows/open-windows.ts';
import { publishedWindows } from './windows/published-windows.ts';
import { CheckedWindows } from './windows/window-source.ts';
import type { Window } from './windows/window-planner.ts';
import { windowRoom } from './windows/window-room.ts';
import { discard, type WindowShelf } from './windows/window-shelf.ts';
import { windowOfSplit } from './windows/window-table.ts';
import { noTotals } from './windows/window-totals.ts';

/**
 * Publishes one slice of a job that is sorted window by window: decodes, sorts and publishes one window of time after the
 * other in memory, those to come while one goes out. Otherwise as `mergePublish`.
 */
export function publishWindows(deps: Dependencies, shelf: WindowShelf) {
  return async (input: PublishWindowsInput, context: StepContext): Promise<PublishedWindows> => {
    const { job, listing } = input;
    const { windows } = listing;
    if (windows === undefined) throw new TypeError(`the job ${job.id} is not sorted window by window`);
    const kafka = deps.kafka(job.connections.kafka);
    const topic = job.replayTopic.name;
    // Looked at before it is taken: a second job must be refused without fencing the first.
    assertOwn(topic, await readPosition(kafka, topic, { pending: 'ignore' }), job.id, listing.fingerprint);
    const publishBy = ordersByRecords(job) ? publishOffsetWindows : publishOn;
    const publish = (of: { allMemory: boolean }): Promise<PublishedWindows> =>
      whileThere(job, () =>
        asPublisher(kafka, job, listing.fingerprint, (publisher, position) =>
          publishBy(deps, shelf, publisher, { ...input, ...of, windows }, position, context),
        ),
      );
    try {
      return await publish({ allMemory: false });
    } catch (error) {
      if (!isForWantOfRoom(error, windowRoom(deps.budget.total, job.tuning).records)) throw error;
      return publish({ allMemory: true });
    }
  };
}

/** Whether a window was too large for what the sample made expect of it, and the worker has more memory than that. */
function isForWantOfRoom(error: unknown, most: number): boolean {
  return error instanceof JobError && error.code === 'window-too-large' && Number(error.facts['room']) < most;
}

async function publishOn(
  deps: Dependencies,
  shelf: WindowShelf,
  publisher: Publisher,
  input: PublishWindowsInput & { windows: ListedWindows; allMemory: boolean },
  position: PublishPosition,
  context: StepContext,
): Promise<PublishedWindows> {
  const { job, listing, claim, rate } = input;
  const { signal, progress } = context;
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  const windows = await readWindows(
    store,
    staging.manifest,
    { splits: listing.splits, windows: input.windows },
    signal,
  );
  const { lastKey } = position;
  const first = lastKey === undefined ? 0 : windowOfSplit(windows, lastKey.split).number;
  const before = first === 0 ? noTotals() : await readTotals(staging, first - 1, signal);
  const key = `${job.id} ${listing.fingerprint}`;
  const { allMemory, windows: listed } = input;
  const kept =
    shelf.take(key, first) ?? (await openWindows(deps, input, { windows, first, listed, allMemory }, context));
  let keep = false;
  try {
    const checked = new CheckedWindows({ ...input, windows: windows.length }, kept.ahead, before, staging, context);
    const shown = (): Record<string, unknown> => shownOf(checked, windows);
    let latest: Record<string, unknown> = { published: position.published.toString() };
    kept.listener.moved = () => progress({ ...latest, ...shown() });
    const told = (details: Record<string, unknown>): void => progress((latest = details));
    const sequence = new WindowSequence(checked, job.output.headers, lastKey);
    if (lastKey !== undefined) await goBehind(sequence, position, job.replayTopic.name);
    const isAll = (published: bigint, atEnd: boolean): boolean => {
      if (atEnd) assertAll(published, String(checked.totals.kept), job.staging);
      return atEnd;
    };
    const slicing = { job, claim, rate, sequence, position, isAll, shown };
    const slice = await publishSequence(publisher, slicing, { ...context, progress: told });
    keep = !slice.done;
    return publishedWindows(job, slice, checked, windows.length);
  } finally {
    if (keep) shelf.keep(key, kept);
    else discard(kept);
  }
}

/** Opens the window in hand behind the last record that is out; as many must stand before as the position says. */
async function goBehind(sequence: WindowSequence, { published }: PublishPosition, topic: string): Promise<void> {
  await sequence.fill();
  if (BigInt(sequence.position) === published) return;
  throw positionForeign(topic, published, sequence.position);
}

function shownOf({ totals }: CheckedWindows, windows: readonly Window[]): Record<string, unknown> {
  return { window: Math.max(0, totals.window) + 1, of: windows.length, read: totals.read };
}
