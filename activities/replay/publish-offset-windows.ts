import type { SortKey } from '../../formats/sorted/file/sort-key.ts';
import type { Publisher } from '../../connections/kafka/publish/publish-port.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StepContext } from '../step/run-step.ts';
import { assertAll } from './merge-publish.ts';
import { OffsetWindowSequence } from './publish/offset-window-sequence.ts';
import { publishSequence } from './publish/publish-sequence.ts';
import { positionForeign, type PublishPosition } from './publish/publish-position.ts';
import { Staging } from './staging.ts';
import type { ListedWindows, PublishedWindows, PublishWindowsInput } from './steps.ts';
import { CarriedSplits } from './windows/carried-splits.ts';
import { dropPublished } from './windows/drop-published.ts';
import { totalsUpTo } from './windows/kept-totals.ts';
import { noOffsets, readOffsetTotals, type OffsetTotals } from './windows/offset-totals.ts';
import { readOffsetWindows, splitsOfWindow } from './windows/offset-window-table.ts';
import { CheckedOffsetWindows, carryUpTo } from './windows/offset-window-source.ts';
import { openWindows } from './windows/open-windows.ts';
import { publishedWindows } from './windows/published-windows.ts';
import type { Window } from './windows/window-planner.ts';
import { tellProgress } from './windows/tell-progress.ts';
import { discard, shelfKey, type KeptWindows, type WindowShelf } from './windows/window-shelf.ts';
import { windowAt } from './windows/window-table.ts';
import { noTotals } from './windows/window-totals.ts';

type Input = PublishWindowsInput & { windows: ListedWindows; allMemory: boolean };

/**
 * Publishes one slice of a job whose windows are of offsets: each window's splits are decoded, and its records are
 * published up to where the next one begins; the rest is carried over. Who goes on decodes again what had records of the
 * window in hand.
 */
export async function publishOffsetWindows(
  deps: Dependencies,
  shelf: WindowShelf,
  publisher: Publisher,
  input: Input,
  position: PublishPosition,
  context: StepContext,
): Promise<PublishedWindows> {
  const { job, listing, claim, rate } = input;
  const { signal, progress } = context;
  const store = deps.hdfs(job.connections.hdfs);
  const staging = new Staging(store, job.staging);
  const windows = await readOffsetWindows(store, staging.manifest, { ...listing, windows: input.windows }, signal);
  const { lastKey } = position;
  const at = lastKey === undefined ? windows[0]! : windowAt(windows, lastKey.timeHi * 2 ** 32 + lastKey.timeLo);
  const before = await totalsBefore(at, staging, listing.fingerprint, signal);
  const { heldFrom } = before.offsets;
  await dropPublished(store, staging, { sorted: 0, counts: Math.min(at.number, heldFrom) - 1 }, signal);
  const key = shelfKey(job, listing);
  const { kept, carried } =
    keptOf(shelf, key, at, lastKey) ?? (await openAt(deps, input, windows, at, before, context));
  let keep = false;
  try {
    const checked = new CheckedOffsetWindows({ ...input, windows }, kept.ahead, carried, before, staging, context);
    const shown = (): Record<string, unknown> => ({
      window: Math.max(0, checked.totals.window) + 1,
      of: windows.length,
      read: checked.totals.read,
    });
    const told = tellProgress(kept, position, progress, shown);
    const repeats = Number(position.repeats ?? 0n);
    const reached = lastKey && { key: lastKey, repeats };
    const sequence = new OffsetWindowSequence(checked, job.output.headers, reached);
    if (kept.ahead.first < at.number) {
      const behind = await totalsUpTo(staging, kept.ahead.first - 1, signal);
      await carryUpTo(at, kept.ahead, carried, { before: behind, staging, signal });
    }
    await sequence.fill();
    if (BigInt(sequence.position) !== position.published)
      throw positionForeign(job.replayTopic.name, position.published, sequence.position);
    const isAll = (published: bigint, atEnd: boolean): boolean => {
      if (atEnd) assertAll(published, String(checked.totals.offsets.published), job.staging);
      return atEnd;
    };
    const slicing = { job, claim, rate, sequence, position, isAll, shown };
    const slice = await publishSequence(publisher, slicing, { ...context, progress: told });
    keep = !slice.done;
    const { offsets, ...totals } = checked.totals;
    const published = publishedWindows(job, slice, { totals, remarks: checked.remarks }, windows.length);
    if (published.sequence === undefined) return published;
    const records = offsets.published.toString();
    const twice = offsets.repeats > 0 ? { repeats: offsets.repeats.toString() } : {};
    return { ...published, sequence: { ...published.sequence, records, ...twice } };
  } finally {
    if (keep) shelf.keep(key, kept);
    else discard(kept);
  }
}

async function totalsBefore(
  { number }: Window,
  staging: Staging,
  fingerprint: string,
  signal: AbortSignal,
): Promise<OffsetTotals> {
  if (number > 0) return readOffsetTotals(staging, number - 1, fingerprint, signal);
  return { ...noTotals(), offsets: noOffsets(fingerprint) };
}

/** What was kept for this window, with what the windows before left. */
function keptOf(
  shelf: WindowShelf,
  key: string,
  { number }: Window,
  lastKey: SortKey | undefined,
): { kept: KeptWindows; carried: CarriedSplits } | undefined {
  const kept = shelf.take(key, number, lastKey);
  if (kept === undefined) return undefined;
  if (kept.carried !== undefined) return { kept, carried: kept.carried };
  discard(kept);
  return undefined;
}

/** Opens the first window that has records of the one in hand, and all behind it. */
async function openAt(
  deps: Dependencies,
  input: Input,
  windows: readonly Window[],
  at: Window,
  { offsets }: OffsetTotals,
  context: StepContext,
): Promise<{ kept: KeptWindows; carried: CarriedSplits }> {
  const { job, listing, windows: listed, allMemory } = input;
  const carried = new CarriedSplits();
  const first = at.number === 0 ? 0 : offsets.heldFrom;
  const manifest = new Staging(deps.hdfs(job.connections.hdfs), job.staging).manifest;
  const byOffset = {
    carried: () => carried.bytes,
    splitsOf: splitsOfWindow(deps.hdfs(job.connections.hdfs), manifest, listing.splits),
  };
  // What is carried and one window go out, and two more are decoded meanwhile.
  const largest = windows.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const inputBytes = Number(listed.largestBytes) + 2 * largest;
  const wanted = { windows, first, listed, allMemory, inputBytes, ...byOffset };
  const kept = await openWindows(deps, input, wanted, context);
  return { kept: { ...kept, carried }, carried };
}
