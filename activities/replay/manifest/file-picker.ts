import type { ManifestFile } from './manifest.ts';

/** Files that are spread evenly over the listing, between half of this and this. */
const SPREAD = 16;
/** Kinds of names of which the first file is taken in addition. */
const ENDINGS = 8;

/** Chooses a few of very many files while they are listed: spread over all of them, with the last, and of each ending one. */
export class FilePicker {
  #spread: ManifestFile[] = [];
  #stride = 1;
  #seen = 0;
  readonly #ofEnding = new Map<string, ManifestFile>();
  #last: ManifestFile | undefined;

  offer(file: ManifestFile): void {
    if (this.#seen % this.#stride === 0) this.#spread.push(file);
    if (this.#spread.length > SPREAD) {
      this.#spread = this.#spread.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    this.#seen += 1;
    this.#last = file;
    const ending = nameEnding(file.path);
    if (!this.#ofEnding.has(ending) && this.#ofEnding.size < ENDINGS) this.#ofEnding.set(ending, file);
  }

  /** Each once. */
  get files(): ManifestFile[] {
    const last = this.#last === undefined ? [] : [this.#last];
    return [...new Set([...this.#spread, ...this.#ofEnding.values(), ...last])];
  }
}

/** What a file's name ends with and a program goes by: `.avro`, `.gz`; empty where it has no such ending. */
export function nameEnding(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /(?<=.)\.[A-Za-z][A-Za-z0-9]{0,15}$/.exec(name)?.[0].toLowerCase() ?? '';
}
