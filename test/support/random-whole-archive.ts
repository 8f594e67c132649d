import { Draws } from './camus-archive/draws.ts';
import { wholeRecordFile, type WholeRecord } from './whole-records.ts';

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2014, 10, 2, 9);
const HOURS = 6;

export interface RandomWholeArchiveOptions {
  /** Of which to draw at random how many there are, at most. @default 4 */
  partitions?: number;
  /** Records of a partition beside 60, at most. @default 100 */
  records?: number;
  /** Files that are there a second time. @default up to two */
  repeated?: number;
}

/**
 * An archive of whole records in folders of hours as several runs leave it: offsets with gaps that begin anywhere, the
 * records of a run spread over hours by times that run ahead and late, so that files of neighbouring hours have offsets
 * between one another's; some files twice. Paths are below /camus/events/hourly.
 */
export function randomWholeArchive(seed: number, options: RandomWholeArchiveOptions = {}): Record<string, Buffer> {
  const draws = new Draws(seed);
  const partitions = 1 + draws.below(options.partitions ?? 4);
  const byPath = new Map<string, WholeRecord[]>();
  for (let partition = 0; partition < partitions; partition += 1) {
    const records = recordsOf(draws, partition, 60 + draws.below(options.records ?? 100));
    const runs = 1 + draws.below(4);
    for (let run = 0; run < runs; run += 1) {
      const from = Math.floor((records.length * run) / runs);
      const ofRun = records.slice(from, Math.floor((records.length * (run + 1)) / runs));
      for (const [hour, file] of byHour(ofRun)) byPath.set(nameOf(hour, partition, run, file), file);
    }
  }
  const paths = [...byPath.keys()];
  for (let twice = options.repeated ?? draws.below(3); twice > 0; twice -= 1) {
    const path = paths[draws.below(paths.length)]!;
    // Of another leader: what a run left that failed.
    byPath.set(path.replace('/events.0.', '/events.9.'), byPath.get(path)!);
  }
  const perBlock = 1 + draws.below(20);
  return Object.fromEntries([...byPath].map(([path, records]) => [path, wholeRecordFile(records, perBlock)]));
}

function recordsOf(draws: Draws, partition: number, count: number): WholeRecord[] {
  const gaps = draws.below(3) / 10;
  let offset = draws.below(3) * draws.below(400);
  return Array.from({ length: count }, (_, n) => {
    if (draws.next() < gaps) offset += 1 + draws.below(5);
    const early = draws.next() < 0.1 ? draws.below(2 * HOUR) - HOUR : 0;
    const at = Math.floor((n / count) * HOURS * HOUR) + early;
    return {
      partition,
      offset: offset++,
      timestamp: BEGIN + Math.max(0, Math.min(HOURS * HOUR - 1, at)),
      value: Buffer.from(`${partition}:${offset - 1} ${'x'.repeat(draws.below(40))}`),
    };
  });
}

function byHour(records: readonly WholeRecord[]): Map<number, WholeRecord[]> {
  const hours = new Map<number, WholeRecord[]>();
  for (const record of records) {
    const hour = Math.floor((record.timestamp! - BEGIN) / HOUR);
    hours.set(hour, [...(hours.get(hour) ?? []), record]);
  }
  return hours;
}

function nameOf(hour: number, partition: number, run: number, records: readonly WholeRecord[]): string {
  const folder = new Date(BEGIN + (hour - 8) * HOUR).toISOString(); // in Los Angeles, in winter
  const path = `${folder.slice(0, 10).replaceAll('-', '/')}/${folder.slice(11, 13)}`;
  const next = Number(records.at(-1)!.offset) + 1;
  return `${path}/events.${run}.${partition}.${records.length}.${next}.${BEGIN + hour * HOUR}.avro`;
}
