import { MemoryReplay, type MemoryReplayOptions } from '../../../support/kafka/memory-replay.ts';

export const HOUR = 3_600_000;
export const BEGIN = Date.UTC(2014, 10, 2, 9);
export const HOURS = 6;
export const PARTITIONS = 3;
export const RECORDS = 20;

/** Lines of an hour, at times that other partitions have as well, and out of order. */
export function lines(hour: number, partition: number, change: (n: number) => number = () => 0): Buffer {
  const all = Array.from({ length: RECORDS }, (_, n) =>
    JSON.stringify({ timestamp: BEGIN + hour * HOUR + ((n * 17) % RECORDS) * 120_000 + change(n), hour, partition, n }),
  );
  return Buffer.from(all.map((line) => `${line}\n`).join(''));
}

export function nameOf(hour: number, partition: number): string {
  const folder = new Date(BEGIN + (hour - 8) * HOUR).toISOString(); // in Los Angeles, in winter
  const path = `${folder.slice(0, 10).replaceAll('-', '/')}/${folder.slice(11, 13)}`;
  return `${path}/events.0.${partition}.${RECORDS}.${(hour + 1) * RECORDS}.${BEGIN + hour * HOUR}.json`;
}

export function archive(changed: Record<string, Buffer> = {}): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (let hour = 0; hour < HOURS; hour += 1)
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      files[nameOf(hour, partition)] = lines(hour, partition);
  return { ...files, ...changed };
}

export const INPUT = {
  archive: { dest: '/camus', format: 'text' },
  time: { field: 'timestamp', format: 'unix_milliseconds' },
  output: { partitions: 'source' },
} as const;

/** Splits hold one file each, so each hour is a window of its own. */
export async function open(
  sort: 'windows' | 'whole' | 'auto',
  { files = archive(), input = {}, ...options }: MemoryReplayOptions = {},
): Promise<MemoryReplay> {
  const tuning = { splitBytes: 3_000 };
  const replay = await MemoryReplay.open({ files, tuning, input: { ...INPUT, sort, ...input }, ...options });
  await replay.claim();
  return replay;
}

/** A context that ends the slice after so many commits, as a pause does. */
export function upTo(replay: MemoryReplay, commits: number): { signal: AbortSignal; cancelRequested: () => boolean } {
  const ending = new AbortController();
  let count = 0;
  replay.kafka.interruption = ({ call }, moment) => {
    if (call === 'commit' && moment === 'after' && (count += 1) === commits) ending.abort(new Error('paused'));
  };
  return { signal: ending.signal, cancelRequested: () => true };
}
