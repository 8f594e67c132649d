import type { ListedRecord } from './listed-record.ts';

/** What two lists of records of one bucket differ in, each in the order of its side. */
export interface ListDifferences {
  /** In the topic alone. */
  missing: ListedRecord[];
  /** In the archive alone. */
  extra: ListedRecord[];
  /** In the archive more often than in the topic: with one that is the same. */
  doubled: { record: ListedRecord; first: ListedRecord }[];
  /** In the topic more often than in the archive. */
  twice: ListedRecord[];
  /** At the same place, with other content. */
  changed: { archived: ListedRecord; logged: ListedRecord }[];
  /** Behind a record of the same file that comes after it in the topic. */
  moved: { archived: ListedRecord; logged: ListedRecord }[];
  /** First records of the archive that the topic has no more. */
  uncompared: number;
}

export interface ListOptions {
  /** Whether records tell their offsets: then those of one offset are one record. */
  own: boolean;
  /** Whether files have the order of the topic. */
  ordered: boolean;
  /** Whether the topic may have been trimmed within this bucket, so that the first records of the archive are gone there. */
  trimmed: boolean;
}

/** Finds each record that only one side has, or that is not in its place. */
export function compareLists(
  archive: readonly ListedRecord[],
  topic: readonly ListedRecord[],
  { own, ordered, trimmed }: ListOptions,
): ListDifferences {
  const places = new Map<bigint, ListedRecord[]>();
  for (const record of topic) place(places, record);
  const counts = new Map([...places].map(([hash, records]) => [hash, records.length]));
  const matched = new Map<ListedRecord, ListedRecord>();
  const firsts = new Map<bigint, ListedRecord>();
  const doubled: ListDifferences['doubled'] = [];
  let extra: ListedRecord[] = [];
  for (const record of archive) {
    const match = places.get(record.hash)?.shift();
    if (match !== undefined) {
      matched.set(record, match);
      if (!firsts.has(record.hash)) firsts.set(record.hash, record);
    } else if (counts.has(record.hash)) doubled.push({ record, first: firsts.get(record.hash) ?? record });
    else extra.push(record);
  }
  const left = new Set([...places.values()].flat());
  const unmatched = topic.filter((record) => left.has(record));
  const missing = unmatched.filter(({ hash }) => !firsts.has(hash));
  const twice = unmatched.filter(({ hash }) => firsts.has(hash));
  let uncompared = 0;
  if (trimmed && archive.length > topic.length) {
    const gone = new Set(archive.slice(0, archive.length - topic.length));
    const before = extra.length;
    extra = extra.filter((record) => !gone.has(record));
    uncompared = before - extra.length;
  }
  const pairs = own ? byOffset(extra, missing) : byRank(extra, missing);
  const paired = new Set(pairs.flatMap(({ archived, logged }) => [archived, logged]));
  return {
    missing: missing.filter((record) => !paired.has(record)),
    extra: extra.filter((record) => !paired.has(record)),
    doubled,
    twice,
    changed: pairs,
    moved: ordered ? movedIn(archive, matched) : [],
    uncompared,
  };
}

function place(places: Map<bigint, ListedRecord[]>, record: ListedRecord): void {
  const known = places.get(record.hash);
  if (known === undefined) places.set(record.hash, [record]);
  else known.push(record);
}

function byOffset(extra: readonly ListedRecord[], missing: readonly ListedRecord[]): ListDifferences['changed'] {
  const by = new Map(missing.map((record) => [record.offset, record]));
  return extra.flatMap((archived) => {
    const logged = archived.offset === undefined ? undefined : by.get(archived.offset);
    if (logged === undefined) return [];
    by.delete(archived.offset);
    return [{ archived, logged }];
  });
}

/** Both are in the order of the topic: where as many are left over on both sides, they are the same records, changed. */
function byRank(extra: readonly ListedRecord[], missing: readonly ListedRecord[]): ListDifferences['changed'] {
  if (extra.length !== missing.length) return [];
  return extra.map((archived, index) => ({ archived, logged: missing[index]! }));
}

/** Records of a file whose offsets in the topic don't rise. */
function movedIn(
  archive: readonly ListedRecord[],
  matched: ReadonlyMap<ListedRecord, ListedRecord>,
): ListDifferences['moved'] {
  const moved: ListDifferences['moved'] = [];
  const last = new Map<string | undefined, bigint>();
  for (const archived of archive) {
    const logged = matched.get(archived);
    if (logged?.offset === undefined) continue;
    const before = last.get(archived.file);
    if (before !== undefined && logged.offset < before) moved.push({ archived, logged });
    else last.set(archived.file, logged.offset);
  }
  return moved;
}
