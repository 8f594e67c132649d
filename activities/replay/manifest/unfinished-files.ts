import type { FileStatus, FileStore } from '../../../connections/hdfs/file-store.ts';
import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';
import { entryName } from '../../../layouts/archive-tree.ts';

/** There may be millions, a question each. */
const AT_ONCE = 16;
/** A server that doesn't tell it of so many, and of none, doesn't tell it at all. */
const UNTOLD = 100;

/**
 * Finds files of a folder that somebody still writes: their length is that of what was flushed so far, so they may
 * end in the middle of a record, or be empty. Files that a layout names are in place only when they are whole; of all
 * others nothing but the server tells: the time of a file's last change is that of its beginning as long as it is open.
 */
export class UnfinishedFiles {
  empty = 0;
  firstEmpty: string | undefined;
  readonly #store: FileStore;
  readonly #layout: ArchiveLayout;
  readonly #topic: string;
  #untold = 0;
  #told = 0;

  constructor(store: FileStore, layout: ArchiveLayout, topic: string) {
    this.#store = store;
    this.#layout = layout;
    this.#topic = topic;
  }

  /** Those of the files that are open for writing now. */
  async open(folder: readonly FileStatus[], signal: AbortSignal): Promise<ReadonlySet<FileStatus>> {
    const open = new Set<FileStatus>();
    const suspects = folder.filter((file) => this.#isSuspect(file)).values();
    const askNext = async (): Promise<void> => {
      for (const file of suspects) {
        const tells = this.#told > 0 || this.#untold < UNTOLD;
        const written = tells ? await this.#store.isBeingWritten(file.path, signal) : undefined;
        if (written === true) open.add(file);
        else if (file.length === 0) this.#takeEmpty(file);
        if (written === undefined) this.#untold += 1;
        else this.#told += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askNext));
    return open;
  }

  remarks(): string[] {
    const others = this.empty > 1 ? `, and ${this.empty - 1} more files` : '';
    return [
      ...(this.empty > 0 ? [`${this.firstEmpty}${others}: empty`] : []),
      ...(this.#untold > 0
        ? [`of ${this.#untold} files ${this.#store.describe()} does not tell whether they are still being written`]
        : []),
    ];
  }

  #isSuspect({ path, length }: FileStatus): boolean {
    if (!this.#layout.isData(entryName(path))) return false;
    return length === 0 || this.#layout.facts(path, this.#topic) === undefined;
  }

  #takeEmpty({ path }: FileStatus): void {
    this.empty += 1;
    if (this.firstEmpty === undefined || path < this.firstEmpty) this.firstEmpty = path;
  }
}
