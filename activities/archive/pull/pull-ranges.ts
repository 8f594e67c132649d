import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import type { AdminPort } from '../../../connections/kafka/admin/admin-port.ts';
import { OffsetOutOfRange } from '../../../connections/kafka/read/offset-out-of-range.ts';
import type { TopicReader } from '../../../connections/kafka/read/topic-reader.ts';
import type { Buckets } from '../../../layouts/archive-writing.ts';
import { brokenStretches } from '../../log/check-epochs.ts';
import type { AwayLeaders } from './away-leaders.ts';
import { BadRecords } from './bad-records.ts';
import type { RangeCounts } from './count-records.ts';
import { dataFileLimits, DataFiles } from './data-files.ts';
import type { PulledCounts, PulledError, PulledRange, PullLine } from './pull-report.ts';
import { RangePull, type PaceOfRange, type RangeRules } from './range-pull.ts';
import type { PathOfFile, RangeToPull } from './range-to-pull.ts';
import { ReadingFailed } from './reading-failed.ts';
import { TopicFailed } from './topic-failed.ts';
import type { ValueReader } from './values/value-reader.ts';

export interface PullParts {
  store: FileStore;
  reader: TopicReader;
  /** Tells whether the log is the one that was planned. */
  epochs: Pick<AdminPort, 'epochEnds'>;
  buckets: Buckets;
  pathOf: PathOfFile;
  /** Reader of a topic's values; the same for all partitions of it. */
  valuesOf: (topic: string) => ValueReader;
  countsOf: (range: RangeToPull, values: ValueReader) => RangeCounts | undefined;
  /** Where bad records are kept that are passed. @default they are only counted */
  bad?: { valuesOf: (topic: string) => ValueReader; pathOf: PathOfFile } | undefined;
  /** Connections to one DataNode, for writes. @default 16 */
  connections?: number;
  /** Folder of the attempt. */
  folder: string;
  rules: RangeRules;
  /**
   * Whether what Kafka deletes before it is read is passed. Else the range ends there; were it so for each, an archive that is
   * a week behind would never come to the end of what retention still has.
   */
  passGaps: boolean;
  leaders: Pick<AwayLeaders, 'givesUp' | 'whyLeft'>;
  signal: AbortSignal;
  /** Is told what was read of the log, whether it is archived or left. */
  pace: (records: number, bytes: number) => Promise<void>;
  progress: (done: { ranges: number; records: number; at: string }) => void;
}

/** Pulls ranges one after the other; gives the lines of the report. */
export async function pullRanges(ranges: readonly RangeToPull[], parts: PullParts): Promise<PullLine[]> {
  const files = new DataFiles(parts.store, parts.folder, parts.signal, dataFileLimits(parts.connections ?? 16));
  const done: PulledRange[] = [];
  const errors: PulledError[] = [];
  const counts: PulledCounts[] = [];
  let records = 0;
  try {
    for (const range of ranges) {
      const values = parts.valuesOf(range.topic);
      const { buckets, pathOf } = parts;
      const counted = parts.countsOf(range, values);
      const pull = new RangePull(range, parts.rules, {
        ...{ values, buckets, pathOf, files, counts: counted },
        bad: badRecords(range, files, parts),
      });
      const before = records;
      const pace: PaceOfRange = async (read, archived) => {
        records += archived;
        parts.progress({ ranges: done.length, records, at: `${range.topic}-${range.partition}` });
        await parts.pace(read.records, read.bytes);
      };
      const result = await pulled(range, pull, parts, pace);
      records = before + result.records;
      done.push(result);
      errors.push(...pull.errors.lines);
      if (counted !== undefined && result.records > 0) counts.push(counted.line());
      // Files are of one partition: what comes next needs others.
      await files.endAll();
      parts.progress({ ranges: done.length, records, at: `${range.topic}-${range.partition}` });
    }
    const broken = await refusals(ranges, done, parts, () =>
      parts.progress({ ranges: done.length, records, at: 'leaders' }),
    );
    // Files, errors and counts of a range that ends where it begins are passed over with it.
    const sound = done.map((range, place) => refused(range, broken.get(place)));
    const counted = counts.filter(({ topic, partition, from }) =>
      sound.some(
        (range) => range.topic === topic && range.partition === partition && range.from === from && range.next !== from,
      ),
    );
    return [...sound, ...(await files.finished()), ...errors, ...counted];
  } catch (error) {
    files.abandon(error);
    throw error;
  }
}

/** As far as the range can be read; throws where the attempt is to be made again. */
async function pulled(
  range: RangeToPull,
  pull: RangePull,
  { reader, signal, passGaps, leaders }: PullParts,
  pace: PaceOfRange,
): Promise<PulledRange> {
  const left = await leaders.whyLeft(range);
  if (left !== undefined) return pull.endedBy(new Error(left));
  for (;;)
    try {
      return await pull.run(reader, { signal, pace });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TopicFailed) return pull.endedBy(error);
      if (!(error instanceof ReadingFailed)) throw error;
      const { cause } = error;
      if (passGaps && cause instanceof OffsetOutOfRange && pull.passGap(cause.logStart)) continue;
      if (cause.retryable && !(await leaders.givesUp(range, cause))) throw cause;
      return pull.endedBy(cause);
    }
}

function badRecords(
  range: RangeToPull,
  files: DataFiles,
  { bad, buckets, rules: { horizon } }: PullParts,
): BadRecords | undefined {
  if (bad === undefined) return undefined;
  return new BadRecords(range, { values: bad.valuesOf(range.topic), pathOf: bad.pathOf, buckets, files, horizon });
}

/** Why ranges are refused whose log is not the one that was planned, by their place; the next run reads them again. */
async function refusals(
  ranges: readonly RangeToPull[],
  pulled: readonly PulledRange[],
  { epochs, signal }: Pick<PullParts, 'epochs' | 'signal'>,
  progress: () => void,
): Promise<Map<number, string>> {
  const read = pulled.flatMap(({ next }, place) => {
    const { topic, partition, from, leaderEpoch = -1 } = ranges[place]!;
    return BigInt(next) > from && leaderEpoch >= 0
      ? [{ topic, partition, leaderEpoch, next: BigInt(next), place }]
      : [];
  });
  const broken = await brokenStretches(epochs, read, { signal, progress });
  return new Map(
    [...broken].map(([at, { message }]) => [read[at]!.place, `${message}; it is read again by the next run`]),
  );
}

function refused(range: PulledRange, message: string | undefined): PulledRange {
  if (message === undefined) return range;
  const { kind, topic, partition, from, to } = range;
  return {
    kind,
    topic,
    partition,
    from,
    to,
    next: from,
    records: 0,
    bytes: 0,
    left: {},
    cut: { why: 'problem', message },
  };
}
