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
import type { ListedWindows, PublishedSlice, PublishedWindows, PublishWindowsInput } from './steps.ts';
import { checkWindow } from './windows/check-window.ts';
import { dropPublished } from './windows/drop-published.ts';
import { openWindows } from './windows/open-windows.ts';
import { nothingBeyond, publishedWindows } from './windows/published-windows.ts';
import { firstToStage, stagedNext, tooLargeFor } from './windows/staged-windows.ts';
import { whereWindowsStand } from './windows/where-windows-stand.ts';
import { tellingWhatIsOut } from './windows/what-is-out.ts';
import { CheckedWindows } from './windows/window-source.ts';
import type { Window } from './windows/window-planner.ts';
import { windowRoom } from './windows/window-room.ts';
import { tellProgress } from './windows/tell-progress.ts';
import { discard, shelfKey, type KeptWindows, type WindowShelf } from './windows/window-shelf.ts';

/**
 * Publishes one slice of a job that is sorted window by window: decodes, sorts and publishes one window of time after the
 * other in memory, those to come while one goes out. Ends before a window that does not fit, where the workflow stages
 * such. Otherwise as `mergePublish`.
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
    const publish = async (of: { allMemory: boolean }): Promise<PublishedWindows> => {
      const slice = await whileThere(job, () =>
        asPublisher(kafka, job, listing.fingerprint, (publisher, position) =>
          publishBy(deps, shelf, publisher, { ...input, ...of, windows }, position, context),
        ),
      );
      if (slice.done) await deps.decoder.rest();
      return slice;
    };
    return tellingWhatIsOut(deps, job, () =>
      publish({ allMemory: false }).catch((error: unknown) => {
        if (!isForWantOfRoom(error, windowRoom(deps.budget.total, job.tuning).records)) throw error;
        return publish({ allMemory: true });
      }),
    );
  };
}

/** Whether a window was too large for what the sample made expect of it, and the worker has more memory than that. */
function isForWantOfRoom(error: unknown, most: number): boolean {
  return error instanceof JobError && error.code === 'window-too-large' && Number(error.facts['room']) < most;
}

type Input = PublishWindowsInput & { windows: ListedWindows; allMemory: boolean };

async function publishOn(
  deps: Dependencies,
  shelf: WindowShelf,
  publisher: Publisher,
  input: Input,
  position: PublishPosition,
  context: StepContext,
): Promise<PublishedWindows> {
  const { job, listing, allMemory, windows: listed } = input;
  const { signal } = context;
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  const windows = await readWindows(store, staging.manifest, { splits: listing.splits, windows: listed }, signal);
  const { first, before, keepFrom } = await whereWindowsStand(staging, windows, position, signal);
  await dropPublished(store, staging, { sorted: first, counts: keepFrom }, signal);
  const room = (): number => windowRoom(deps.budget.total, job.tuning).records;
  const until = firstToStage(windows, first, input, room);
  const known = { totals: before, remarks: [] };
  if (first === until && first < windows.length)
    return stagedNext(publishedWindows(job, nothingBeyond(position.published), known, windows.length), windows[first]!);
  const key = shelfKey(job, listing);
  const wanted = { windows: windows.slice(0, until), first, listed, allMemory };
  const kept = shelf.take(key, first, position.lastKey) ?? (await openWindows(deps, input, wanted, context));
  const checked = new CheckedWindows(
    { ...input, windows: windows.length, until },
    kept.ahead,
    before,
    staging,
    context,
  );
  let keep = false;
  try {
    const slice = await publishSlice(publisher, input, { checked, kept, windows, until }, position, context);
    const remarks = slice.done && first === windows.length ? checkWindow(input, before, { isLast: true }) : undefined;
    const told = { totals: checked.totals, remarks: remarks ?? checked.remarks };
    const published = publishedWindows(job, slice, told, windows.length);
    const next = windows[checked.totals.window + 1];
    if (next?.number === until && slice.published === String(checked.totals.kept)) return stagedNext(published, next);
    keep = !slice.done;
    return published;
  } catch (error) {
    const tooLarge = tooLargeFor(error, input, room);
    if (tooLarge === undefined) throw error;
    const out = await readPosition(deps.kafka(job.connections.kafka), job.replayTopic.name);
    const slice = nothingBeyond(out?.published ?? position.published);
    const published = publishedWindows(job, slice, checked, windows.length);
    // What waits for the window has gone first; if it has not, the next slice sees to it.
    const isNext = tooLarge === first || slice.published === String(checked.totals.kept);
    return isNext ? stagedNext(published, windows[tooLarge]!) : published;
  } finally {
    if (keep) shelf.keep(key, kept);
    else discard(kept);
  }
}

/** Publishes what is decoded of windows up to one, and no more. */
async function publishSlice(
  publisher: Publisher,
  { job, claim, rate }: Input,
  { checked, kept, windows, until }: Direct,
  position: PublishPosition,
  context: StepContext,
): Promise<PublishedSlice> {
  const { progress } = context;
  const shown = (): Record<string, unknown> => shownOf(checked, windows);
  const told = tellProgress(kept, position, progress, shown);
  // Nothing is merged again of a window that is out.
  const behind = position.published === BigInt(checked.totals.kept) ? undefined : position.lastKey;
  const sequence = new WindowSequence(checked, job.output.headers, behind);
  if (behind !== undefined) await goBehind(sequence, position, job.replayTopic.name);
  const isAll = (published: bigint, atEnd: boolean): boolean => {
    if (atEnd) assertAll(published, String(checked.totals.kept), job.staging);
    return atEnd && until === windows.length;
  };
  const slicing = { job, claim, rate, sequence, position, isAll, shown };
  return publishSequence(publisher, slicing, { ...context, progress: told });
}

/** The windows of a job that go through memory, up to one that is to be staged. */
interface Direct {
  checked: CheckedWindows;
  kept: KeptWindows;
  windows: readonly Window[];
  until: number;
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
