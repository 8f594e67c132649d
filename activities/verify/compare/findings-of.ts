import type { Target } from '../job/verify-input.ts';
import type { Finding, FindingKind } from '../steps.ts';
import { cellText } from './differences.ts';
import type { ListDifferences } from './compare-lists.ts';
import type { ListedRecord } from './listed-record.ts';

/** Findings of one bucket that are listed, of each kind. */
const MOST_OF_A_KIND = 20;

export interface FoundIn {
  target: Target;
  topic: string;
  partition: number;
  /** ms since 1970 UTC; null where records have no time. */
  bucket: number | null;
}

/** What differs in a bucket, in words, neighbours together. */
export function findingsOf(found: ListDifferences, { target, topic, partition, bucket }: FoundIn): Finding[] {
  const where = cellText({ partition, bucket: bucket ?? Number.NaN });
  const base = { target, partition, ...(bucket !== null && { bucket: new Date(bucket).toISOString() }) };
  const of = (kind: FindingKind, message: string, more: Partial<Finding>): Finding => ({
    kind,
    ...base,
    message: `${where}: ${message}`,
    ...more,
  });
  const other = target === 'source' ? `${topic} has` : `the replay topic ${topic} has`;
  /** The first of them, and of the others how many. */
  const first = <T>(kind: FindingKind, all: readonly T[], finding: (one: T) => Finding): Finding[] => [
    ...all.slice(0, MOST_OF_A_KIND).map(finding),
    ...(all.length > MOST_OF_A_KIND
      ? [of(kind, `and ${all.length - MOST_OF_A_KIND} more such places against ${topic}, which are not listed`, {})]
      : []),
  ];
  const lacks = target === 'source' ? 'missing' : 'extra';
  const hasMore = target === 'source' ? 'extra' : 'missing';
  return [
    ...first(lacks, runs(found.missing), ({ from, to, records }) =>
      of(
        lacks,
        target === 'source'
          ? `the archive lacks ${count(records)} of ${topic}, ${offsets(from, to)}`
          : `${topic} has ${count(records)} that the archive has not, ${offsets(from, to)}`,
        { from, to, records },
      ),
    ),
    ...first(hasMore, byFile(found.extra), ({ file, ordinal, records, offset }) =>
      of(
        hasMore,
        target === 'source'
          ? `${file} has ${count(records)} that ${topic} has not, from record ${ordinal} on${at(offset)}`
          : `${topic} lacks ${count(records)} of ${file}, from record ${ordinal} on`,
        { file, ordinal, records, ...(offset !== undefined && { from: String(offset) }) },
      ),
    ),
    ...first(
      'doubled',
      byFile(
        found.doubled.map(({ record }) => record),
        (record) => firstFile(found, record),
      ),
      ({ file, ordinal, records, beside, offset }) =>
        of(
          'doubled',
          `${file} has ${count(records)} that ${beside} has as well, from record ${ordinal} on${at(offset)}`,
          { file, ordinal, records },
        ),
    ),
    ...first('doubled', runs(found.twice), ({ from, to, records }) =>
      of('doubled', `${other} ${count(records)} more than once, again at ${offsets(from, to)}`, { from, to, records }),
    ),
    ...first('changed', found.changed, ({ archived, logged }) =>
      of(
        'changed',
        `record ${archived.ordinal} of ${archived.file} is not what ${topic} has at offset ${logged.offset}`,
        { file: archived.file, ordinal: archived.ordinal, from: String(logged.offset), records: 1 },
      ),
    ),
    ...first('order', found.moved, ({ archived, logged }) =>
      of(
        'order',
        `record ${archived.ordinal} of ${archived.file}, at offset ${logged.offset} of ${topic}, stands behind one with a larger offset`,
        { file: archived.file, ordinal: archived.ordinal, from: String(logged.offset), records: 1 },
      ),
    ),
  ];
}

function firstFile({ doubled }: ListDifferences, record: ListedRecord): string {
  const first = doubled.find((each) => each.record === record)?.first;
  if (first === undefined || first === record) return 'another file';
  return first.file === record.file ? `the same file (record ${first.ordinal})` : (first.file ?? 'another file');
}

/** Records that follow each other in the topic, but for what no consumer gets. */
function runs(records: readonly ListedRecord[]): { from: string; to: string; records: number }[] {
  const all: { from: bigint; to: bigint; records: number }[] = [];
  for (const { offset = 0n } of records) {
    const last = all.at(-1);
    // A marker or two may stand between.
    if (last !== undefined && offset >= last.to && offset - last.to < 3n) {
      last.to = offset + 1n;
      last.records += 1;
    } else all.push({ from: offset, to: offset + 1n, records: 1 });
  }
  return all.map(({ from, to, records: counted }) => ({ from: String(from), to: String(to), records: counted }));
}

function byFile(
  records: readonly ListedRecord[],
  besideOf: (record: ListedRecord) => string = () => '',
): { file: string; ordinal: number; records: number; beside: string; offset: bigint | undefined }[] {
  const all = new Map<
    string,
    { file: string; ordinal: number; records: number; beside: string; offset: bigint | undefined }
  >();
  for (const record of records) {
    const { file = '', ordinal, offset } = record;
    const known = all.get(file);
    if (known === undefined) all.set(file, { file, ordinal, records: 1, beside: besideOf(record), offset });
    else known.records += 1;
  }
  return [...all.values()];
}

function offsets(from: string, to: string): string {
  const last = BigInt(to) - 1n;
  return String(last) === from ? `offset ${from}` : `offsets ${from} to ${last}`;
}

function at(offset: bigint | undefined): string {
  return offset === undefined ? '' : ` (offset ${offset})`;
}

function count(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
