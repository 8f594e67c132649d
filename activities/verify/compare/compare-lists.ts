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
  /** Records that the archive alone has, since the topic is compacted. */
  compacted: number;
}

export interface ListOptions {
  /** Whether records tell their offsets: then those of one offset are one record. */
  own: boolean;
  /** Whether files have the order of the topic. */
  ordered: boolean;
  /** Whether the topic may have been trimmed within this bucket, so that the first records of the archive are gone there. */
  trimmed: boolean;
  /** Whether compaction may have taken any record from the topic. @default false */
  compacted?: boolean;
}

/** Finds each record that only one side has, or that is not in its place. */
export function compareLists(
  archive: readonly ListedRecord[],
  topic: readonly ListedRecord[],
  { own, ordered, trimmed, compacted = false }: ListOptions,
): ListDifferences {
  const places = new Map<bigint, Places>();
  for (const record of topic) place(places, record);
  const matched = new Map<ListedRecord, ListedRecord>();
  const firsts = new Map<bigint, ListedRecord>();
  const doubled: ListDifferences['doubled'] = [];
  let extra: ListedRecord[] = [];
  for (const record of archive) {
    const same = places.get(record.hash);
    const match = same?.records[same.matched];
    if (same !== undefined && match !== undefined) {
      same.matched += 1;
      matched.set(record, match);
      if (!firsts.has(record.hash)) firsts.set(record.hash, record);
    } else if (same !== undefined) doubled.push({ record, first: firsts.get(record.hash) ?? record });
    else extra.push(record);
  }
  const pairedLogged = new Set(matched.values());
  const unmatched = topic.filter((record) => !pairedLogged.has(record));
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
  const alone = extra.filter((record) => !paired.has(record));
  return {
    missing: missing.filter((record) => !paired.has(record)),
    extra: compacted ? [] : alone,
    doubled,
    twice,
    changed: pairs,
    moved: ordered ? movedIn(archive, matched) : [],
    uncompared,
    compacted: compacted ? alone.length : 0,
  };
}

/** Records of one content; a number, since very many may be the same, and to take the first of a list moves all others. */
interface Places {
  records: ListedRecord[];
  matched: number;
}

function place(places: Map<bigint, Places>, record: ListedRecord): void {
  const known = places.get(record.hash);
  if (known === undefined) places.set(record.hash, { records: [record], matched: 0 });
  else known.records.push(record);
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
