import { ConnectionError } from '../../connection-error.ts';
import { compareBytes } from '../byte-order.ts';
import type { FileStatus } from '../file-store.ts';
import { baseName, joinPath } from '../hdfs-path.ts';

/** For fewer names a folder is not asked. For more it may give a page: mostly they are all that is in it. */
const LEAST = 4;
/** A page of a thousand entries costs server and client as much as about so many looks at single files. */
const LOOKS_A_PAGE = 32;
const PAGE_ENTRIES = 1_000;
const AT_ONCE = 8;
/** Of other names a NameNode's order is another. */
const PLAIN = /^[\x21-\x7e]+$/;

/** How one folder is asked. */
export interface Looks {
  status(path: string): Promise<FileStatus | undefined>;
  /** The entries behind a name, page by page; none where the server knows no pages. */
  listBehind(after: string): AsyncIterable<FileStatus>;
}

/**
 * The statuses of files of one folder, by name. Names that lie side by side come with a few pages of the folder; where
 * these would cost more than a look at each, and for all that they don't show, each is looked at.
 */
export async function statusesInFolder(
  looks: Looks,
  folder: string,
  names: readonly string[],
): Promise<Map<string, FileStatus>> {
  const found = new Map<string, FileStatus>();
  const wanted = new Set(names);
  for await (const status of listed(looks, names)) {
    const name = baseName(status.path);
    if (wanted.delete(name)) found.set(name, status);
  }
  const rest = wanted.values();
  const lookAtNext = async (): Promise<void> => {
    for (const name of rest) {
      const status = await looks.status(joinPath(folder, name));
      if (status !== undefined) found.set(name, status);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));
  return found;
}

/** What a few pages of the folder show, as far as they may: of what is not there any more nobody's error is made here. */
async function* listed(looks: Looks, names: readonly string[]): AsyncGenerator<FileStatus> {
  let most = Math.ceil(names.length / LOOKS_A_PAGE) * PAGE_ENTRIES;
  if (names.length < LEAST || !names.every((name) => PLAIN.test(name))) return;
  const sorted = names.toSorted(compareBytes);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  try {
    // No name lies between this and the first one, but those that begin with all of it but its last letter.
    for await (const status of looks.listBehind(first.slice(0, -1))) {
      yield status;
      if ((most -= 1) === 0 || compareBytes(baseName(status.path), last) >= 0) return;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError) || !(error.fault === 'not-found' || error.fault === 'refused')) throw error;
  }
}
