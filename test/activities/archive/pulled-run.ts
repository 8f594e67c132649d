import { ArchiveFolders, runFolder } from '../../../activities/archive/archive-folders.ts';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import type { ArchiveJob } from '../../../activities/archive/job/archive-job.ts';
import { parseArchiveInput } from '../../../activities/archive/job/parse-archive-input.ts';
import { sealedLines } from '../../../activities/step/sealed-lines.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';

export const DEST = '/dest';
export const EXEC = '/exec';
export const HISTORY = '/exec/history';
export const E1 = '2026-11-28-10-00-00';
export const E2 = '2026-11-28-11-00-00';
export const E3 = '2026-11-28-12-00-00';

/** A job as its validation makes it, of JSON values unless the input says otherwise. */
export function jobOf(id: string, input: Partial<ArchiveInput> = {}): ArchiveJob {
  const base = { dest: DEST, exec: EXEC, value: 'json' };
  const { plan: _plan, history: _history, ...rest } = parseArchiveInput({ ...base, ...input });
  return {
    ...rest,
    id,
    topic: '*',
    history: HISTORY,
    staging: runFolder(DEST, EXEC, id),
    scheduledAt: 0,
    searchAttributes: [],
    tuning: { heartbeatTimeoutMs: 1000 },
  };
}

export interface Pulled {
  from: number;
  to: number;
  /** How far the range came. @default to */
  next?: number;
  /** Of its records, how many could not be archived. @default none */
  bad?: number;
  /** Records that its counts tell. @default no counts */
  counted?: number;
}

export type PulledRanges = (Pulled | { from: number; to: number; lost: true })[];

/** Leaves what a run has left when its pulls are done: a plan, a file and a report for each range. */
export async function leavePulled(
  store: FileStore,
  id: string,
  predecessor: string | undefined,
  execution: string,
  ranges: PulledRanges,
  attempt = 'a',
  plan?: string,
): Promise<ArchiveJob> {
  const job = jobOf(id);
  const folders = new ArchiveFolders(job);
  const first = ranges[0]?.from ?? 0;
  const end = ranges.at(-1)?.to ?? 0;
  await store.write(
    folders.plan,
    sealedLines([
      {
        kind: 'head',
        version: 1,
        ...(plan !== undefined && { id: plan }),
        job: id,
        ...(predecessor !== undefined && { predecessor }),
        execution,
        plannedAt: 0,
        horizon: 1e15,
        remarks: [],
        moreRemarks: 0,
      },
      {
        kind: 'partition',
        topic: 't',
        partition: 0,
        leader: '1',
        start: String(first),
        to: String(end),
        stable: String(end),
        latest: String(end),
        missing: [],
      },
      ...ranges.map(({ from, to }, pull) => ({
        kind: 'pull',
        pull,
        ranges: [{ topic: 't', partition: 0, leader: '1', from: String(from), to: String(to), bytes: 1 }],
      })),
    ]),
  );
  for (const [pull, range] of ranges.entries()) {
    if ('lost' in range) continue;
    const { from, to, next = to, bad = 0, counted } = range;
    const path = `${folders.attempt(pull, attempt, plan)}/0`;
    await store.write(path, [Buffer.from(`${id} ${from}`)]);
    const length = (await store.status(path))!.length;
    const counts = { topic: 't', partition: 0, records: next - from - bad };
    await store.write(
      folders.report(pull),
      sealedLines([
        { kind: 'head', version: 1, pull, seconds: 1 },
        {
          kind: 'range',
          ...counts,
          from: String(from),
          to: String(to),
          next: String(next),
          bytes: 10,
          left: bad > 0 ? { corrupt: bad } : {},
        },
        {
          kind: 'file',
          ...counts,
          path,
          target: `${DEST}/t/hourly/2026/11/28/10/t.1.0.${next - from}.${next}.0`,
          length,
          crc32c: 0,
          first: String(from),
          next: String(next),
        },
        ...(bad === 0 ? [] : [errorLine(from)]),
        ...(counted === undefined ? [] : [countsLine(from, counted)]),
      ]),
    );
  }
  return job;
}

function errorLine(offset: number): object {
  const message = `t-0, offset ${offset}: corrupt: not what it should be`;
  return { kind: 'error', topic: 't', partition: 0, offset: String(offset), message };
}

/** Counts of a range: each of two services made its half. */
function countsLine(from: number, records: number): object {
  const count = records / 2;
  const counts = ['one', 'two'].map((service) => ({ start: 0, server: 'app', service, count }));
  const times = { startTime: 100 + from, endTime: 200 + from, firstTimestamp: from, lastTimestamp: from + 5 };
  return {
    kind: 'counts',
    topic: 't',
    partition: 0,
    from: String(from),
    counts: { topic: 't', granularity: 600_000, counts, ...times },
  };
}

/** Paths of all files below a folder. */
export async function filesBelow(store: FileStore, folder: string): Promise<string[]> {
  const found: string[] = [];
  if ((await store.status(folder)) === undefined) return found;
  for await (const { path, kind } of store.list(folder))
    found.push(...(kind === 'directory' ? await filesBelow(store, path) : [path]));
  return found;
}
