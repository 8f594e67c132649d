import { ConnectionError } from '../../connection-error.ts';
import { compareBytes } from '../byte-order.ts';
import type { FileStatus, FileStore } from '../file-store.ts';
import { badGlob, globAlternatives } from './glob-alternatives.ts';
import type { GlobSegment } from './glob-segment.ts';
import { parseGlobSegment } from './glob-segment.ts';
import { baseName, joinPath } from '../hdfs-path.ts';

export { nearestExisting } from '../nearest-existing.ts';

const LONGEST_PATTERN = 8_000;

/**
 * The files and directories that a pattern stands for, each once, in byte order of their paths, with Hadoop's syntax
 * (`FileSystem.globStatus`): `*` `?` `[abc]` `[^a-b]` `{a,b,{c/d,e}}` and `\` before what stands for itself. Walks
 * segment by segment; memory holds a page of a listing for each level.
 *
 * @throws ConnectionError 'refused' for what is no pattern, before anything is listed
 */
export function expandGlob(store: FileStore, pattern: string, signal?: AbortSignal): AsyncIterable<FileStatus> {
  if (pattern.length > LONGEST_PATTERN) throw badGlob(pattern, `it is longer than ${LONGEST_PATTERN} characters`);
  const patterns = globAlternatives(pattern).map((alternative) => {
    if (!alternative.startsWith('/')) throw badGlob(pattern, `expected an absolute path, found ${alternative}`);
    return alternative.split('/').filter(Boolean).map(parseGlobSegment);
  });
  return expand(store, patterns, signal);
}

async function* expand(
  store: FileStore,
  patterns: GlobSegment[][],
  signal?: AbortSignal,
): AsyncGenerator<FileStatus, void, undefined> {
  if (patterns.some((segments) => segments.length === 0)) {
    const root = await store.status('/', signal);
    if (root !== undefined) yield root;
  }
  const below = patterns.filter((segments) => segments.length > 0);
  if (below.length > 0) yield* walk(store, '/', below, signal);
}

/** What matches below a directory; the first segment of each pattern is for its entries. */
async function* walk(
  store: FileStore,
  directory: string,
  patterns: readonly GlobSegment[][],
  signal: AbortSignal | undefined,
): AsyncGenerator<FileStatus, void, undefined> {
  // In byte order of paths `a-b` comes before `a/c`: a directory waits until the entries that go before its slash
  // are out. Each that waits is the beginning of the name of the next, so they are few.
  const waiting: { name: string; patterns: GlobSegment[][] }[] = [];
  const descend = async function* (before?: string): AsyncGenerator<FileStatus, void, undefined> {
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      if (before !== undefined && compareBytes(`${top.name}/`, before) > 0) return;
      waiting.pop();
      yield* walk(store, joinPath(directory, top.name), top.patterns, signal);
    }
  };
  const segments = patterns.map(([first]) => first!);
  for await (const entry of candidates(store, directory, segments, signal)) {
    const name = baseName(entry.path);
    yield* descend(name);
    const matching = patterns.filter(([first]) => first!.matches(name));
    if (matching.some((pattern) => pattern.length === 1)) yield entry;
    const deeper = matching.filter((pattern) => pattern.length > 1).map((pattern) => pattern.slice(1));
    if (deeper.length > 0 && entry.kind === 'directory') waiting.push({ name, patterns: deeper });
  }
  yield* descend();
}

/** Entries that may match, in byte order: listed only where a wildcard asks for it, as Hadoop does. */
async function* candidates(
  store: FileStore,
  directory: string,
  segments: readonly GlobSegment[],
  signal: AbortSignal | undefined,
): AsyncGenerator<FileStatus, void, undefined> {
  const literals = [...new Set(segments.map(({ literal }) => literal).filter((name) => name !== undefined))];
  literals.sort(compareBytes);
  let next = 0;
  // Literal names are asked for by themselves: HDFS has some that it doesn't list, as `.snapshot`.
  const named = async function* (before?: string): AsyncGenerator<FileStatus, void, undefined> {
    for (; next < literals.length && (before === undefined || compareBytes(literals[next]!, before) < 0); next++) {
      const found = await store.status(joinPath(directory, literals[next]!), signal);
      if (found !== undefined) yield found;
    }
  };
  if (segments.some(({ literal }) => literal === undefined))
    for await (const entry of listed(store, directory, signal)) {
      const name = baseName(entry.path);
      yield* named(name);
      if (literals[next] === name) next++;
      yield entry;
    }
  yield* named();
}

/** A directory that vanished before it was listed matches nothing; one that vanishes half-way is no honest result. */
async function* listed(
  store: FileStore,
  directory: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<FileStatus, void, undefined> {
  let begun = false;
  try {
    for await (const entry of store.list(directory, signal)) {
      begun = true;
      yield entry;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.fault !== 'not-found') throw error;
    if (begun)
      throw new ConnectionError(
        'changed',
        `${directory} was removed while it was listed; start again when nobody changes it any more`,
        { path: directory },
        error,
      );
  }
}
