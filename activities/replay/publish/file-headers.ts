import type { EntryOrigin, SortedEntry } from '../../../formats/sorted/file/sorted-entry.ts';
import type { ReplayJob } from '../job/replay-job.ts';
import { fileHeaders, type EncodedHeaders } from '../record/record-headers.ts';

/** The headers that all records of an input file have, made when the first record of each comes by. */
export class FileHeaders {
  readonly #which: ReplayJob['output']['headers'];
  /** Of a job whose records have none of their file. */
  readonly #none: EncodedHeaders | undefined;
  readonly #known = new WeakMap<EntryOrigin, EncodedHeaders[]>();
  /** The file that the last record stood in, whose headers most of the next ones want. */
  #last: EntryOrigin | undefined;
  #ofLast: EncodedHeaders[] = [];

  constructor(which: ReplayJob['output']['headers']) {
    this.#which = which;
    if (!which.partition && which.file !== true) this.#none = fileHeaders(which, '', undefined);
  }

  of({ sortedFile, file }: SortedEntry): EncodedHeaders {
    if (this.#none !== undefined) return this.#none;
    // Where files alternate record by record this is asked each time.
    if (sortedFile !== this.#last) {
      this.#last = sortedFile;
      this.#ofLast = this.#knownOf(sortedFile);
    }
    return (this.#ofLast[file] ??= this.#encode(sortedFile, file));
  }

  #knownOf(origin: EntryOrigin): EncodedHeaders[] {
    const known = this.#known.get(origin);
    if (known !== undefined) return known;
    const none: EncodedHeaders[] = [];
    this.#known.set(origin, none);
    return none;
  }

  #encode(origin: EntryOrigin, file: number): EncodedHeaders {
    const { path, sourcePartition } = origin.files.file(file);
    return fileHeaders(this.#which, path, sourcePartition < 0 ? undefined : sourcePartition);
  }
}
