import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { eachAtOnce } from '../../step/each-at-once.ts';
import type { DecidedFile } from './decision.ts';

/** How names of files of whole records end. */
const AVRO = '.avro';

/**
 * Gives each file a name that nobody has: what is there stays, and what was decided must have a place to go to. A topic
 * that was made anew has the same partitions, counts and offsets again; topics whose names differ by a dot share a
 * folder. The decision holds the names, so that every attempt at placing has the same.
 *
 * @param extension of the job's files: readers go by how a name ends
 */
export async function withFreeNames(
  store: FileStore,
  files: readonly DecidedFile[],
  extension: string,
  { signal, progress }: { signal: AbortSignal; progress: (named: number) => void },
): Promise<DecidedFile[]> {
  const taken = new Set<string>();
  const named: DecidedFile[] = [];
  await eachAtOnce(files, 16, async (file) => {
    for (let again = 0; ; again++) {
      const to = again === 0 ? file.to : nameAgain(file.to, file.apart ? AVRO : extension, again);
      if (taken.has(to)) continue;
      taken.add(to);
      if ((await store.status(to, signal)) !== undefined) continue;
      named.push({ ...file, to });
      progress(named.length);
      return;
    }
  });
  return named;
}

const AGAIN = /^(.*)\.again\d+((?:\.[A-Za-z][^./]*)*)$/;

/** The name that a file would have had; undefined of one that has its own. */
export function takenName(path: string): string | undefined {
  const [, stem, extension] = AGAIN.exec(path) ?? [];
  return stem === undefined ? undefined : `${stem}${extension}`;
}

function nameAgain(path: string, extension: string, again: number): string {
  const stem = extension !== '' && path.endsWith(extension) ? path.slice(0, -extension.length) : path;
  return `${stem}.again${again}${path.slice(stem.length)}`;
}
