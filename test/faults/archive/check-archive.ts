import { readRewindJson, type RewindJson } from '../../../activities/archive/history/rewind-json.ts';
import type { ReplayHarness } from '../../support/replay-harness.ts';
import type { ArchiveHarness } from '../../support/archive-harness.ts';
import type { PartitionTruth, SourceTopics } from './source-topics.ts';

export interface ArchiveCheck {
  /** What is wrong, in sentences; empty where each offset is there once, or told with its reason. */
  faults: string[];
  records: number;
  files: number;
  /** Records that Kafka deleted before they were archived, each of them told. */
  lost: number;
  executions: number;
}

type Recorded = RewindJson['partitions'][number];

/** Reads all that archives have left, and compares it with what was produced. */
export async function checkArchive(
  harness: ReplayHarness,
  archive: ArchiveHarness,
  source: SourceTopics,
): Promise<ArchiveCheck> {
  const check: ArchiveCheck = { faults: [], records: 0, files: 0, lost: 0, executions: 0 };
  const executions = await archive.executions();
  check.executions = executions.length;
  const chain: Recorded[][] = [];
  for (const name of executions) {
    const said = await readRewindJson(harness.store, `${archive.history}/${name}`, new AbortController().signal);
    if (said === undefined) check.faults.push(`${archive.history}/${name} has no rewind.json`);
    else chain.push(said.partitions);
  }
  const found = await archivedNumbers(archive, source, check);
  const offsets = await archive.offsets();
  for (const truth of source.truth) {
    const { topic, partition, life } = truth;
    const name = `${topic}-${partition}`;
    const recorded = chain.flatMap((each) => each.filter((one) => one.topic === topic && one.partition === partition));
    const one = source.truth.filter((each) => each.topic === topic).every((each) => each.life === life);
    check.lost += checkPartition(truth, found, one ? recorded : undefined, check.faults);
    if (one && !truth.cut) checkChain(name, recorded, check.faults);
    const next = offsets.get(name)?.next;
    if (!truth.gone && next !== truth.end)
      check.faults.push(`${name}: the history goes on at ${next ?? 'nothing'}, expected ${truth.end}`);
  }
  check.faults.push(...(await leftBehind(harness, archive)));
  return check;
}

/** How often each numbered record is in the archive. */
async function archivedNumbers(
  archive: ArchiveHarness,
  source: SourceTopics,
  check: ArchiveCheck,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const topic of new Set(source.truth.map((each) => each.topic))) {
    check.files += (await archive.files(topic)).length;
    for (const lines of (await archive.lines(topic)).values())
      for (const line of lines) {
        const { n, topic: of } = JSON.parse(line) as { n: number; topic: string };
        if (of !== topic) check.faults.push(`record ${n} of ${of} is among those of ${topic}`);
        found.set(n, (found.get(n) ?? 0) + 1);
        check.records += 1;
      }
  }
  const known = new Set(source.truth.flatMap(({ records, former }) => [...records.values(), ...former].map(numberOf)));
  for (const value of source.truth.flatMap(({ former }) => former)) {
    const times = found.get(numberOf(value) ?? -1) ?? 0;
    if (times > 1) check.faults.push(`${value}, which an election lost, is archived ${times} times`);
  }
  const foreign = [...found.keys()].filter((n) => !known.has(n));
  if (foreign.length > 0)
    check.faults.push(`${foreign.length} records are archived that were never committed, such as ${foreign[0]}`);
  return found;
}

/**
 * Each record of a partition is there once, or its offset is among those that an execution tells to be lost. Of a life
 * that has ended only the beginning was archived. Returns how many are lost.
 *
 * @param recorded what executions say of the partition; undefined where they speak of several lives
 */
function checkPartition(
  { topic, partition, life, records, aborted, deletedTo, cut, gone }: PartitionTruth,
  found: ReadonlyMap<number, number>,
  recorded: readonly Recorded[] | undefined,
  faults: string[],
): number {
  const name = `${topic}-${partition}${life > 0 ? ` (life ${life})` : ''}`;
  const missing = recorded?.flatMap((each) => each.missing) ?? [];
  const told = (offset: bigint): boolean =>
    missing.some(({ from, to }) => offset >= BigInt(from) && offset < BigInt(to));
  let lost = 0;
  let firstGone: bigint | undefined;
  const wrong: string[] = [];
  for (const [offset, value] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === null) continue;
    const times = found.get(numberOf(value)!) ?? 0;
    if (times > 1) wrong.push(`offset ${offset} is archived ${times} times`);
    else if (times === 1 && told(offset)) wrong.push(`offset ${offset} is archived, and told to be lost`);
    else if (times === 1 && firstGone !== undefined && gone)
      wrong.push(`offset ${offset} is archived, and ${firstGone} before it is not`);
    else if (times === 0 && told(offset)) lost += 1;
    else if (times === 0 && gone) firstGone ??= offset;
    else if (times === 0 && (recorded !== undefined || offset >= deletedTo))
      wrong.push(`offset ${offset} is not archived`);
  }
  if (wrong.length > 0) faults.push(`${name}: ${wrong.length} wrong: ${wrong.slice(0, 5).join('; ')}`);
  if (recorded === undefined || gone || cut || deletedTo > 0n) return lost;
  const left = (reason: string): number => recorded.reduce((sum, each) => sum + (each.left[reason] ?? 0), 0);
  const tombstones = [...records.values()].filter((value) => value === null).length;
  for (const [reason, expected] of [
    ['aborted', aborted],
    ['tombstone', tombstones],
  ] as const)
    if (left(reason) !== expected)
      faults.push(`${name}: executions tell ${left(reason)} records left out as ${reason}, expected ${expected}`);
  return lost;
}

/** What executions say of a partition follows on from one to the next; what lies between is told to be lost. */
function checkChain(name: string, recorded: readonly Recorded[], faults: string[]): void {
  let next = 0n;
  for (const { start, next: end, missing } of recorded) {
    // What it found gone on its way lies behind its start.
    for (const { from, to } of missing) if (BigInt(from) === next && BigInt(to) <= BigInt(start)) next = BigInt(to);
    if (BigInt(start) !== next) faults.push(`${name}: an execution begins at ${start}, expected ${next}`);
    next = BigInt(end);
  }
}

/** What no run should leave: hidden files, half-built executions, attempts that never came to their name. */
async function leftBehind(harness: ReplayHarness, archive: ArchiveHarness): Promise<string[]> {
  const faults = (await archive.debris()).map((path) => `${path} was left`);
  const kept = /\/\.rewind\/(claims\/\d+|exec-of-history)\.json$|\/decisions\/(none|[\d-]+)(\.\d+)?\.(jsonl|recorded)$/;
  const claims: string[] = [];
  for await (const path of filesBelow(harness, `${archive.exec}/.rewind`)) {
    if (!kept.test(path)) faults.push(`${path} was left`);
    if (path.includes('/claims/')) claims.push(path);
  }
  if (claims.length > 1) faults.push(`${claims.length} claims are there: ${claims.join(', ')}`);
  return faults;
}

/** Files, and folders that hold nothing. */
async function* filesBelow(harness: ReplayHarness, folder: string): AsyncGenerator<string> {
  if ((await harness.store.status(folder)) === undefined) return;
  for await (const { path, kind } of harness.store.list(folder))
    if (kind === 'directory') yield* filesBelow(harness, path);
    else yield path;
}

function numberOf(value: string | null): number | undefined {
  return value === null ? undefined : (JSON.parse(value) as { n: number }).n;
}
